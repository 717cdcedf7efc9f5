import type { Clock } from '../clock/clock.ts';
import type { RunQueue } from './runQueue.ts';

/** What all actors of one supervisor share: its time, its chance, and where foreign code runs. */
export interface Runtime {
  readonly clock: Clock;
  /** A number from 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  readonly runQueue: RunQueue;
}
