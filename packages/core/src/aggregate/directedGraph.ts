const nobody: readonly string[] = [];

/** Which monitors rest on which others: as members of a composite, or as what they depend on. */
export class Relations {
  readonly #below = new Map<string, readonly string[]>();
  readonly #above = new Map<string, Set<string>>();

  /** Enters what `id` rests on, in place of what it rested on before. */
  enter(id: string, below: readonly string[]): void {
    this.remove(id);
    if (below.length === 0) return;
    this.#below.set(id, below);
    for (const other of below) {
      const above = this.#above.get(other);
      if (above === undefined) this.#above.set(other, new Set([id]));
      else above.add(id);
    }
  }

  /** Forgets what `id` rests on. Who rests on `id` goes on doing so, should it come back. */
  remove(id: string): void {
    for (const other of this.below(id)) {
      const above = this.#above.get(other);
      above?.delete(id);
      if (above?.size === 0) this.#above.delete(other);
    }
    this.#below.delete(id);
  }

  /** What `id` rests on directly. */
  below(id: string): readonly string[] {
    return this.#below.get(id) ?? nobody;
  }

  /** Who rests on `id` directly. */
  above(id: string): readonly string[] {
    const above = this.#above.get(id);
    return above === undefined ? nobody : [...above];
  }

  /** Who rests on `id`, directly or through others, each once. */
  allAbove(id: string): readonly string[] {
    if (!this.#above.has(id)) return nobody;
    const found = new Set<string>();
    const look = (from: string): void => {
      for (const above of this.above(from)) {
        if (found.has(above)) continue;
        found.add(above);
        look(above);
      }
    };
    look(id);
    return [...found];
  }
}

/**
 * The way from `id` back to itself if it rested on `below`, or `undefined` when there is none.
 *
 * @param belowOf what each other id rests on.
 */
export function cycleOf(
  id: string,
  below: readonly string[],
  belowOf: (id: string) => readonly string[],
): readonly string[] | undefined {
  const dead = new Set<string>();
  const search = (path: readonly string[], next: readonly string[]): readonly string[] | undefined => {
    for (const other of next) {
      if (other === id) return [...path, other];
      if (dead.has(other)) continue;
      dead.add(other);
      const found = search([...path, other], belowOf(other));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search([id], below);
}
