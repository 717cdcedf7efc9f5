import type { Clock } from '../clock/clock.ts';
import type { RunQueue } from './runQueue.ts';
import type { Stalls } from './stallMeter.ts';
import type { Turns } from './turns.ts';

/** Clock, source of randomness, run queue, turns of checks and measure of stalls that all actors of one supervisor share. */
export interface Runtime {
  readonly clock: Clock;
  /** Returns a number from 0 up to 1, as `Math.random` does. */
  readonly random: () => number;
  readonly runQueue: RunQueue;
  readonly stalls: Stalls;
  /** When checks begin, of which many may be due at once. */
  readonly turns: Turns;
}
