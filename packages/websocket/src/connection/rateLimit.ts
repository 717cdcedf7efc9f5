/** Fixed-window rate limit: so many events a second. */
export class RateLimit {
  readonly #now: () => number;
  readonly #limit: number;
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(now: () => number, limit: number) {
    this.#now = now;
    this.#limit = limit;
  }

  /** Counts one more event; returns whether it is within the limit. */
  allow(): boolean {
    const now = this.#now();
    if (now - this.#since >= 1_000) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#limit;
  }
}
