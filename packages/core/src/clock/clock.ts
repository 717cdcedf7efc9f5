import { objectWith, type Rule } from '../rules.ts';

/**
 * A source of time: XState's `Clock` with `now()`.
 *
 * Everything in Watchkeeper that waits or reads the time uses its clock, so a virtual clock
 * can run hours of supervision in a test without sleeping (INV-78).
 */
export interface Clock {
  /** The present instant, in epoch milliseconds. Must never run backwards while timers are armed. */
  now(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now; returns a handle for {@link Clock.clearTimeout}. */
  // biome-ignore lint/suspicious/noExplicitAny: XState's Clock passes timer arguments through untyped.
  setTimeout(callback: (...args: any[]) => void, delayMs: number): unknown;
  /** Cancels the timer of `handle`; a handle that fired or was cleared is ignored. */
  // biome-ignore lint/suspicious/noExplicitAny: as above, the handle is opaque to XState.
  clearTimeout(handle: any): void;
  /**
   * How many calls of observers and clients run before others have their turn, for a clock that is moved by hand: the same
   * story then runs the same each time. Left out, as many as take a millisecond, and then the event loop goes on.
   */
  readonly partsPerSlice?: number;
}

/** What an option that is a clock must be. */
export const clockRule: Rule<Clock> = objectWith<Clock>('now', 'setTimeout', 'clearTimeout');
