/** Counts how often something happens within a second. */
export class Meter {
  readonly #now: () => number;
  readonly #limit: number;
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(now: () => number, limit: number) {
    this.#now = now;
    this.#limit = limit;
  }

  /** Whether one more is within the limit. */
  admits(): boolean {
    const now = this.#now();
    if (now - this.#since >= 1_000) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#limit;
  }
}
