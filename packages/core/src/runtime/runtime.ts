import type { Clock } from '../clock/clock.ts';
import type { RunQueue } from './runQueue.ts';
import type { Stalls } from './stallMeter.ts';

/** Clock, source of randomness, run queue and measure of stalls that all actors of one supervisor share. */
export interface Runtime {
  readonly clock: Clock;
  /** Returns a number from 0 up to 1, as `Math.random` does. */
  readonly random: () => number;
  readonly runQueue: RunQueue;
  readonly stalls: Stalls;
}
