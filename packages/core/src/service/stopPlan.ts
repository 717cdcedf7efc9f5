/** The order in which services are stopped: each once all that rest on it are down. */
export class StopPlan {
  readonly #below = new Map<string, readonly string[]>();
  /** How many that rest on a service are not down. */
  readonly #above = new Map<string, number>();
  /** Nothing rests on these any more, and they have not been taken. */
  readonly #free = new Set<string>();

  /** @param belowOf returns what a service rests on; what is not among `ids` is left out. */
  constructor(ids: Iterable<string>, belowOf: (id: string) => readonly string[]) {
    for (const id of ids) this.#above.set(id, 0);
    for (const id of this.#above.keys()) {
      const below = belowOf(id).filter((other) => this.#above.has(other));
      this.#below.set(id, below);
      for (const other of below) this.#above.set(other, (this.#above.get(other) ?? 0) + 1);
    }
    for (const [id, above] of this.#above) if (above === 0) this.#free.add(id);
  }

  /** Whether a service is to be stopped by this plan, and is not down. */
  has(id: string): boolean {
    return this.#above.has(id);
  }

  /** Whether all are down. */
  get isOver(): boolean {
    return this.#above.size === 0;
  }

  /** Takes those that nothing rests on, where they `mayStop`; each is taken once. */
  take(mayStop: (id: string) => boolean): readonly string[] {
    const taken = [...this.#free].filter(mayStop);
    for (const id of taken) this.#free.delete(id);
    return taken;
  }

  /** Notes that one is down, whether it was told to stop or not. */
  noteDown(id: string): void {
    if (!this.#above.delete(id)) return;
    this.#free.delete(id);
    for (const other of this.#below.get(id) ?? []) {
      const above = this.#above.get(other);
      if (above === undefined) continue;
      this.#above.set(other, above - 1);
      if (above === 1) this.#free.add(other);
    }
    this.#below.delete(id);
  }
}
