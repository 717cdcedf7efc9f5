import type { WheelHost } from '@watchkeeper/core';

/** A wheel's host whose time moves only when it is told to. */
export class VirtualHost implements WheelHost {
  #monotonicMs = 0;
  #wallMs: number;
  #errors: unknown[] = [];
  /** Monotonic time at which the wheel is due next, in milliseconds; infinite while nothing is armed. */
  wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(epochMs: number) {
    this.#wallMs = epochMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  wakeIn(delayMs: number): undefined {
    this.wakeAtMs = this.#monotonicMs + delayMs;
  }

  cancelWake(): void {
    this.wakeAtMs = Number.POSITIVE_INFINITY;
  }

  report(error: unknown): void {
    this.#errors.push(error);
  }

  /** Lets time pass until `monotonicMs`; a moment gone by changes nothing. */
  passUntil(monotonicMs: number): void {
    const ms = Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }

  setWall(aheadMs: number): void {
    this.#wallMs += aheadMs;
  }

  /** Throws what timers threw since the last call: the error itself, or several as one `AggregateError`. */
  rethrow(): void {
    const errors = this.#errors;
    this.#errors = [];
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} timers threw`);
    if (errors.length === 1) throw errors[0];
  }
}
