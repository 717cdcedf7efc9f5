import { objectWith, type Rules, resolveOptions } from '../rules.ts';
import type { Clock } from './clock.ts';
import { Slots } from './slots.ts';
import { Timer } from './timer.ts';

/** Longest time to fire timers before yielding to the event loop; the rest follow in a new task. */
const TURN_BUDGET_MS = 1;
/** Number of timers fired between two checks of the budget. */
const TURN_STRIDE = 8;
/** A wall clock further from the monotonic one than this has jumped, rather than drifted. */
const JUMP_MS = 1_000;
/** The longest delay a host timer keeps; longer waits take several. */
const LONGEST_WAKE_MS = 2 ** 31 - 1;
/** Stands for "never": about 140 000 years. */
const LONGEST_DELAY_MS = 2 ** 52;

/** The part of the environment that a {@link TimingWheel} needs. */
export interface WheelHost {
  /** Milliseconds since any fixed moment; must never run backwards. Timers are measured by it. */
  monotonicMs(): number;
  /** Epoch milliseconds as the wall clock has them; may jump. */
  wallMs(): number;
  /** Calls `wake` once, not before `delayMs` milliseconds have passed; returns a handle. */
  wakeIn(delayMs: number, wake: () => void): unknown;
  /** Cancels a wake that has not come. */
  cancelWake(handle: unknown): void;
  /** Reports what a timer's callback threw; must not throw itself. */
  report(error: unknown): void;
}

/** Options of a {@link TimingWheel}. */
export interface TimingWheelOptions {
  readonly host: WheelHost;
  /**
   * Width of a slot in whole milliseconds: a timer fires up to this much late, and never early.
   *
   * The narrower the slots, the more often the event loop is woken: at 3 333 fires a second, the rate of 100 000
   * monitors every 30 s, 1 ms costs as much CPU as a host timer for each, 10 ms about a quarter, and 20 ms little less
   * than that.
   *
   * @default 10
   */
  readonly resolutionMs?: number;
}

type Wheel = Required<TimingWheelOptions>;

const defaults = { resolutionMs: 10 } as const;

const rules: Rules<Wheel> = {
  host: objectWith<WheelHost>('monotonicMs', 'wallMs', 'wakeIn', 'cancelWake', 'report'),
  resolutionMs: {
    is: 'a whole number of milliseconds from 1',
    accepts: (value): value is number => Number.isInteger(value) && Number(value) >= 1,
  },
};

/**
 * A clock that keeps any number of timers behind one host timer.
 *
 * Arming, re-arming and cancelling cost the same however many timers are armed. Timers fire in order of due time (to
 * the millisecond), equals in the order they were armed. A delay below 1 ms counts as 1 ms, as with `setTimeout`. What
 * a callback throws is reported to the host and keeps no other timer from firing. The host timer is armed only while a
 * timer is.
 *
 * @throws InvalidOptionError when `resolutionMs` is not a whole number of milliseconds of at least 1.
 */
export class TimingWheel implements Clock {
  readonly #host: WheelHost;
  readonly #resolutionMs: number;
  readonly #slots: Slots;
  readonly #turn = () => this.#fireDue();
  #pending = 0;
  #epochMs: number;
  #wake: unknown;
  /** The tick the host was asked to wake the wheel at; infinite when it was not asked. */
  #wakeTick = Number.POSITIVE_INFINITY;
  #firing = false;

  constructor(options: TimingWheelOptions) {
    const { host, resolutionMs } = resolveOptions(
      'timingWheel',
      rules,
      defaults as Wheel,
      options === undefined ? {} : options,
    );
    this.#host = host;
    this.#resolutionMs = resolutionMs;
    this.#slots = new Slots(resolutionMs);
    this.#epochMs = host.wallMs() - host.monotonicMs();
  }

  /** Number of armed timers. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * The present instant, in whole epoch milliseconds.
   *
   * Follows the wall clock when that jumps forwards (a resumed laptop, a set clock); a jump backwards is followed only
   * while no timer is armed, so ages and durations never come out negative.
   */
  now(): number {
    const monotonicMs = this.#host.monotonicMs();
    const ahead = this.#host.wallMs() - (monotonicMs + this.#epochMs);
    if (ahead > JUMP_MS || (ahead < -JUMP_MS && this.#pending === 0)) this.#epochMs += ahead;
    return Math.floor(monotonicMs + this.#epochMs);
  }

  /** @returns a handle for {@link TimingWheel.clearTimeout}. */
  setTimeout(callback: () => void, delayMs: number): object {
    const nowMs = this.#host.monotonicMs();
    const delay = delayMs >= 1 ? Math.min(delayMs, LONGEST_DELAY_MS) : 1;
    const timer = new Timer(callback, Math.ceil(nowMs + delay));
    this.#slots.arm(timer, Math.floor(nowMs / this.#resolutionMs));
    this.#pending++;
    if (!this.#firing && this.#slots.nextTick < this.#wakeTick) this.#wakeAt(this.#slots.nextTick);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (!(timer instanceof Timer) || !timer.linked) return;
    timer.unlink();
    this.#pending--;
    if (this.#pending > 0) return;
    this.#slots.reset();
    // A host timer without a timer to fire would keep the event loop alive.
    this.#cancelWake();
  }

  /**
   * Fires the earliest timer that is due by now.
   *
   * @returns whether there was one.
   *
   * The host's wake does this by itself; call it to step a wheel by hand.
   */
  fireNext(): boolean {
    const fired = this.#fire(Math.floor(this.#host.monotonicMs() / this.#resolutionMs));
    this.#rewake();
    return fired;
  }

  #fireDue(): void {
    this.#wakeTick = Number.POSITIVE_INFINITY;
    const startMs = this.#host.monotonicMs();
    const tick = Math.floor(startMs / this.#resolutionMs);
    for (let fired = 1; this.#fire(tick); fired++) {
      if (fired % TURN_STRIDE === 0 && this.#host.monotonicMs() - startMs > TURN_BUDGET_MS) break;
    }
    this.#rewake();
  }

  #fire(tick: number): boolean {
    const timer = this.#slots.take(tick);
    if (timer === undefined) return false;
    this.#pending--;
    this.#firing = true;
    try {
      timer.callback();
    } catch (error) {
      this.#host.report(error);
    }
    this.#firing = false;
    return true;
  }

  #rewake(): void {
    if (this.#pending === 0) this.#cancelWake();
    else if (this.#slots.nextTick !== this.#wakeTick) this.#wakeAt(this.#slots.nextTick);
  }

  #wakeAt(tick: number): void {
    this.#cancelWake();
    const delayMs = Math.ceil(tick * this.#resolutionMs - this.#host.monotonicMs());
    this.#wakeTick = tick;
    this.#wake = this.#host.wakeIn(Math.max(0, Math.min(delayMs, LONGEST_WAKE_MS)), this.#turn);
  }

  #cancelWake(): void {
    if (this.#wakeTick === Number.POSITIVE_INFINITY) return;
    this.#host.cancelWake(this.#wake);
    this.#wakeTick = Number.POSITIVE_INFINITY;
  }
}
