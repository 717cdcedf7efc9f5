import type { Clock } from '@watchkeeper/core';

/** Calls `sendComment` whenever nothing else was sent for an interval, so that no proxy takes the connection for dead. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #sendComment: () => void;
  #sentAt: number;
  #timer: unknown;

  constructor(clock: Clock, intervalMs: number, sendComment: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#sendComment = sendComment;
    this.#sentAt = clock.now();
    this.#arm(intervalMs);
  }

  /** Notes that something was sent. The timer is not moved for it: it looks when it fires. */
  touch(): void {
    this.#sentAt = this.#clock.now();
  }

  /** Ends it; harmless twice. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    const quietMs = this.#clock.now() - this.#sentAt;
    if (quietMs >= this.#intervalMs) {
      this.touch();
      this.#sendComment();
      this.#arm(this.#intervalMs);
    } else this.#arm(this.#intervalMs - Math.max(0, quietMs));
  }
}
