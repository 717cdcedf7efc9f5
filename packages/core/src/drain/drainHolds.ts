/** One wait that a drain must not end before. */
export interface DrainHold {
  /** Who waits, as the report names it. */
  readonly name: string;
}

/** What a drain waits for beside its clients: a listener that still takes in whoever the system's queue holds. */
export class DrainHolds {
  readonly #holds = new Set<DrainHold>();

  add(hold: DrainHold): void {
    this.#holds.add(hold);
  }

  release(hold: DrainHold): void {
    this.#holds.delete(hold);
  }

  get size(): number {
    return this.#holds.size;
  }

  get names(): readonly string[] {
    return Array.from(this.#holds, ({ name }) => name);
  }
}
