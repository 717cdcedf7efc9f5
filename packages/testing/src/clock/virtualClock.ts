import { type Clock, InvalidOptionError, TimingWheel, WatchkeeperError } from '@watchkeeper/core';
import { type Rules, resolveOptions, wholeNumber } from '@watchkeeper/core/options';
import { settle } from './settle.ts';
import { VirtualHost } from './virtualHost.ts';

/**
 * A virtual clock was moved while it was already moving: from a timer's callback, or beside an unfinished `advance`.
 * Await each `advance` before the next.
 */
export class ClockBusyError extends WatchkeeperError {
  readonly code = 'CLOCK_BUSY';

  constructor() {
    super('The virtual clock is already moving; await advance() before moving it again');
  }
}

/** Options of a {@link VirtualClock}. */
export interface VirtualClockOptions {
  /**
   * What `now()` shows at first, in epoch milliseconds.
   *
   * @default Date.UTC(2026, 0, 1)
   */
  readonly epochMs?: number;
}

const defaults: Required<VirtualClockOptions> = { epochMs: Date.UTC(2026, 0, 1) };

const rules: Rules<VirtualClockOptions> = { epochMs: wholeNumber };

/**
 * A clock for tests: core's timing wheel, to the millisecond, stepped by hand.
 *
 * Time moves only when told to, from timer to timer: `now()` is exact at each firing, and a timer armed by a callback
 * fires in the same advance if it falls due in it. What timers throw is thrown by the call that moved the clock, after the
 * rest have fired.
 *
 * @example
 * ```ts
 * import { VirtualClock } from '@watchkeeper/testing';
 *
 * const clock = new VirtualClock();
 * let beats = 0;
 * const beat = () => {
 *   beats++;
 *   clock.setTimeout(beat, 100);
 * };
 * clock.setTimeout(beat, 100);
 * await clock.advance(1_000); // beats is 10, clock.pending is 1
 * ```
 * @example An outage of an hour, in no time.
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
 *
 * const clock = new VirtualClock();
 * const keeper = createSupervisor({ clock });
 * const alerts: string[] = [];
 * keeper.events$.subscribe(({ type }) => void (type.startsWith('alert.') && alerts.push(type)));
 * const database = scriptedProbe('-');
 * keeper.monitor('database', database, { intervalMs: 10_000 });
 * keeper.start();
 * await clock.advance(3_600_000);
 * database.rewrite('+');
 * await clock.advance(60_000); // alerts is ['alert.raised', 'alert.cleared']
 * await keeper.stop(); // clock.pending is 0
 * ```
 */
export class VirtualClock implements Clock {
  /** Work is divided by count, never by time, so that what a test tells does not depend on the machine. */
  readonly partsPerSlice = 64;
  readonly #host: VirtualHost;
  readonly #wheel: TimingWheel;
  #moving = false;

  constructor(options?: VirtualClockOptions) {
    const { epochMs } = resolveOptions<Required<VirtualClockOptions>>('virtualClock', rules, defaults, options);
    this.#host = new VirtualHost(epochMs);
    this.#wheel = new TimingWheel({ host: this.#host, resolutionMs: 1 });
  }

  /** How many timers are armed: 0 at the end of a test says that none leaked. */
  get pending(): number {
    return this.#wheel.pending;
  }

  now(): number {
    return this.#wheel.now();
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    return this.#wheel.setTimeout(callback, delayMs);
  }

  clearTimeout(timer: unknown): void {
    this.#wheel.clearTimeout(timer);
  }

  /**
   * Moves time on by `ms` whole milliseconds, timer by timer; promises settle before the first, and after each.
   *
   * @throws ClockBusyError when the clock is already moving; InvalidOptionError when `ms` is negative or not whole.
   */
  async advance(ms: number): Promise<void> {
    await this.#move(async () => {
      const endMs = this.#after('advance', ms);
      await settle();
      while (this.#fireBy(endMs)) await settle();
      this.#host.passUntil(endMs);
    });
  }

  /**
   * Moves time on by `ms` whole milliseconds, timer by timer, in one go: promise continuations run only after it.
   *
   * @throws ClockBusyError when the clock is already moving; InvalidOptionError when `ms` is negative or not whole.
   */
  advanceSync(ms: number): void {
    this.#moveSync(() => {
      const endMs = this.#after('advanceSync', ms);
      while (this.#fireBy(endMs));
      this.#host.passUntil(endMs);
    });
  }

  /**
   * Moves time to the next timer and fires that one; false when none is armed.
   *
   * @throws ClockBusyError when the clock is already moving.
   */
  step(): boolean {
    return this.#moveSync(() => this.#fireBy(Number.POSITIVE_INFINITY));
  }

  /** Lets promise continuations run without moving time. */
  settle(): Promise<void> {
    return settle();
  }

  /**
   * Sets the wall clock on, or back if negative, by `ms` milliseconds, as an operator or NTP would: no timer fires or
   * shifts. `now()` follows as {@link TimingWheel.now} does: forwards beyond a second always, backwards only while no
   * timer is armed.
   */
  jump(ms: number): void {
    this.#host.setWall(ms);
  }

  /**
   * Lets `ms` milliseconds pass in which nothing fires, as when the process is stopped (SIGSTOP) or its event loop is
   * blocked; what fell due meanwhile fires late, in order, at the next advance.
   */
  freeze(ms: number): void {
    this.#host.passUntil(this.#after('freeze', ms));
  }

  #after(move: string, ms: number): number {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      throw new InvalidOptionError(`${move}.ms`, 'a whole number of milliseconds from 0', ms);
    }
    return this.#host.monotonicMs() + ms;
  }

  /** Fires the next timer if it is due by `endMs`, moving time to it. */
  #fireBy(endMs: number): boolean {
    while (!this.#wheel.fireNext()) {
      const { wakeAtMs } = this.#host;
      if (wakeAtMs === Number.POSITIVE_INFINITY || wakeAtMs > endMs) return false;
      this.#host.passUntil(wakeAtMs);
    }
    return true;
  }

  async #move(steps: () => Promise<void>): Promise<void> {
    this.#enter();
    try {
      await steps();
    } finally {
      this.#moving = false;
    }
    this.#host.rethrow();
  }

  #moveSync<Result>(steps: () => Result): Result {
    this.#enter();
    let result: Result;
    try {
      result = steps();
    } finally {
      this.#moving = false;
    }
    this.#host.rethrow();
    return result;
  }

  #enter(): void {
    if (this.#moving) throw new ClockBusyError();
    this.#moving = true;
  }
}
