/** Commands that pages may send at once, and commands they regain in a second. */
export const commandBurst = 20;
export const commandsPerSecond = 4;

/**
 * Rate limit for all pages of an inspector together: a burst at once, and then a fixed number a second. A limit for each
 * connection would be none, since a page that connects again would have a burst again.
 */
export class RateLimit {
  readonly #now: () => number;
  #left = commandBurst;
  #at: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  /** Takes one command from the allowance; returns false when none is left. */
  allow(): boolean {
    const now = this.#now();
    // A clock that was set back regains nothing, and costs nothing.
    const passedMs = Math.max(0, now - this.#at);
    const regained = Math.min(commandBurst, this.#left + (passedMs / 1_000) * commandsPerSecond);
    this.#left = Math.max(0, regained - 1);
    this.#at = now;
    return regained >= 1;
  }
}
