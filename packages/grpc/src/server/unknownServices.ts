/** Counts the different unknown service names that are watched, each once however many watch it, up to a maximum. */
export class UnknownServices {
  readonly #max: number;
  readonly #watches = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Number of different names. */
  get size(): number {
    return this.#watches.size;
  }

  /** Adds a watch of `name`. @returns false when that would be one name too many. */
  add(name: string): boolean {
    const watches = this.#watches.get(name) ?? 0;
    if (watches === 0 && this.#watches.size >= this.#max) return false;
    this.#watches.set(name, watches + 1);
    return true;
  }

  /** Removes a watch of `name` that was added. */
  remove(name: string): void {
    const watches = this.#watches.get(name) ?? 0;
    if (watches > 1) this.#watches.set(name, watches - 1);
    else this.#watches.delete(name);
  }
}
