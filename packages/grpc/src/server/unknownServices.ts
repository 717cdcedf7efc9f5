/** The unknown service names that are being watched, each counted once however many watch it: a flood of names has an end. */
export class UnknownNames {
  readonly #max: number;
  readonly #watches = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** How many different names there are. */
  get size(): number {
    return this.#watches.size;
  }

  /** Counts one more watch of `name`; false when that would be one name too many. */
  take(name: string): boolean {
    const watches = this.#watches.get(name) ?? 0;
    if (watches === 0 && this.#watches.size >= this.#max) return false;
    this.#watches.set(name, watches + 1);
    return true;
  }

  /** Gives back one {@link UnknownNames.take}. */
  give(name: string): void {
    const watches = this.#watches.get(name) ?? 0;
    if (watches > 1) this.#watches.set(name, watches - 1);
    else this.#watches.delete(name);
  }
}
