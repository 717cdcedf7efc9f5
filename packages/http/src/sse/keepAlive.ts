import type { Clock } from '@watchkeeper/core';

/** Calls `beat` whenever nothing else was sent for a while, so that nothing on the way takes the connection for dead. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #beat: () => void;
  #sentAt: number;
  #timer: unknown;

  constructor(clock: Clock, intervalMs: number, beat: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#beat = beat;
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
    this.#timer = this.#clock.setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const quietMs = this.#clock.now() - this.#sentAt;
    if (quietMs >= this.#intervalMs) {
      this.touch();
      this.#beat();
      this.#arm(this.#intervalMs);
    } else this.#arm(this.#intervalMs - Math.max(0, quietMs));
  }
}
