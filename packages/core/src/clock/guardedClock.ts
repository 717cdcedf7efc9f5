import { InvalidOptionError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './systemClock.ts';

const timeWords = 'epoch milliseconds as a finite number';

/** A timer that fires once, and not after it was cancelled, whatever its clock does. */
class GuardedTimer {
  /** The clock that keeps it, with that clock's handle. */
  keptBy: { readonly clock: Clock; readonly handle: unknown } | undefined;
  #callback: (() => void) | undefined;

  constructor(callback: () => void) {
    this.#callback = callback;
  }

  fire(): void {
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }

  cancel(): void {
    this.#callback = undefined;
  }
}

/**
 * A clock that never throws, over one that may.
 *
 * What it cannot be told by the other is the last time that it was told; a timer that the other does not take is kept by
 * the system's clock. The first failure is reported once.
 *
 * @throws {@link InvalidOptionError} when the other tells no time to begin with.
 */
class GuardedClock implements Clock {
  readonly partsPerSlice?: number;
  readonly #clock: Clock;
  readonly #report: (cause: unknown) => void;
  #lastMs: number;
  #failed = false;

  constructor(clock: Clock, report: (cause: unknown) => void) {
    const { partsPerSlice } = clock;
    if (partsPerSlice !== undefined) this.partsPerSlice = partsPerSlice;
    this.#clock = clock;
    this.#report = report;
    this.#lastMs = firstTimeOf(clock);
  }

  now(): number {
    try {
      this.#lastMs = timeOf(this.#clock);
    } catch (cause) {
      this.#fail(cause);
    }
    return this.#lastMs;
  }

  setTimeout(callback: () => void, delayMs: number): GuardedTimer {
    const timer = new GuardedTimer(callback);
    const fire = () => timer.fire();
    try {
      timer.keptBy = { clock: this.#clock, handle: this.#clock.setTimeout(fire, delayMs) };
    } catch (cause) {
      const clock = systemClock();
      timer.keptBy = { clock, handle: clock.setTimeout(fire, delayMs) };
      this.#fail(cause);
    }
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (!(timer instanceof GuardedTimer)) return;
    timer.cancel();
    try {
      timer.keptBy?.clock.clearTimeout(timer.keptBy.handle);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#report(cause);
  }
}

/** @throws what the clock throws, and {@link InvalidOptionError} for an answer that is no time. */
function timeOf(clock: Clock): number {
  const time: unknown = clock.now();
  if (typeof time !== 'number' || !Number.isFinite(time)) throw new InvalidOptionError('clock.now()', timeWords, time);
  return time;
}

/** Returns `clock` where it is the system's, which does not throw, and a guard over any other. */
export function guardedClock(clock: Clock, report: (cause: unknown) => void): Clock {
  return clock === systemClock() ? clock : new GuardedClock(clock, report);
}

function firstTimeOf(clock: Clock): number {
  try {
    return timeOf(clock);
  } catch (cause) {
    throw new InvalidOptionError('supervisor.clock', `a clock whose now() returns ${timeWords}`, clock, cause);
  }
}
