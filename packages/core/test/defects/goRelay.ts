import type { Clock } from '@watchkeeper/core';

/**
 * The shutdown of the relay as it was written, for peers that do not leave by themselves: the sessions of the snapshot
 * wait for the grace or the caller, whichever is first; a straggler waits for a whole grace of its own and for no
 * caller; and the stop joins them all.
 */
export class GoRelay {
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #stragglers: Promise<void>[] = [];
  #shuttingDown = false;

  constructor(clock: Clock, graceMs: number) {
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  addSession(): void {
    if (this.#shuttingDown) this.#stragglers.push(this.#sleep(this.#graceMs));
  }

  async stop(callerMs: number): Promise<void> {
    this.#shuttingDown = true;
    await this.#sleep(Math.min(this.#graceMs, callerMs));
    await Promise.all(this.#stragglers);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms));
  }
}
