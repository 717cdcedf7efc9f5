/** Commands a page may send at once, and commands it regains in a second. */
export const commandBurst = 20;
export const commandsPerSecond = 4;

/** Rate limit for each page: a burst at once, and then a fixed number a second. */
export class RateLimit {
  readonly #now: () => number;
  readonly #left = new Map<number, { readonly left: number; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one command from the allowance of a page; returns false when none is left. */
  allow(page: number): boolean {
    const now = this.#now();
    const { left, at } = this.#left.get(page) ?? { left: commandBurst, at: now };
    const regained = Math.min(commandBurst, left + ((now - at) / 1_000) * commandsPerSecond);
    this.#left.set(page, { left: Math.max(0, regained - 1), at: now });
    return regained >= 1;
  }

  /** Forgets a page that has gone. */
  forget(page: number): void {
    this.#left.delete(page);
  }
}
