/** What must be freed together, in reverse order, exactly once. */
export class Frees {
  #pending: (() => void)[] | undefined = [];

  /** Calls `free` at the end; at once if the end has been. */
  defer(free: () => void): void {
    if (this.#pending) this.#pending.push(free);
    else free();
  }

  end(): void {
    const due = this.#pending?.reverse() ?? [];
    this.#pending = undefined;
    for (const free of due) free();
  }

  get ended(): boolean {
    return this.#pending === undefined;
  }
}
