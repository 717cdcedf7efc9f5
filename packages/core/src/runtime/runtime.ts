import type { Clock } from '../clock/clock.ts';
import type { RunQueue } from './runQueue.ts';

/** Clock, source of randomness and run queue that all actors of one supervisor share. */
export interface Runtime {
  readonly clock: Clock;
  /** Returns a number from 0 up to 1, as `Math.random` does. */
  readonly random: () => number;
  readonly runQueue: RunQueue;
}
