const none: readonly string[] = [];

/** Directed graph over ids: each id has the ids it depends on. */
export class DirectedGraph {
  readonly #dependencies = new Map<string, readonly string[]>();
  readonly #dependents = new Map<string, Set<string>>();

  /** Sets what `id` depends on, in place of what it depended on before. */
  setDependencies(id: string, dependencies: readonly string[]): void {
    this.remove(id);
    if (dependencies.length === 0) return;
    this.#dependencies.set(id, dependencies);
    for (const other of dependencies) {
      const dependents = this.#dependents.get(other);
      if (dependents === undefined) this.#dependents.set(other, new Set([id]));
      else dependents.add(id);
    }
  }

  /** Removes what `id` depends on. Its own dependents keep depending on it, should it come back. */
  remove(id: string): void {
    for (const other of this.dependenciesOf(id)) {
      const dependents = this.#dependents.get(other);
      dependents?.delete(id);
      if (dependents?.size === 0) this.#dependents.delete(other);
    }
    this.#dependencies.delete(id);
  }

  /** The ids that `id` depends on directly. */
  dependenciesOf(id: string): readonly string[] {
    return this.#dependencies.get(id) ?? none;
  }

  /** The ids that depend on `id` directly. */
  dependentsOf(id: string): readonly string[] {
    const dependents = this.#dependents.get(id);
    return dependents === undefined ? none : [...dependents];
  }

  /** The ids that depend on `id`, directly or through others, each once. */
  allDependentsOf(id: string): readonly string[] {
    if (!this.#dependents.has(id)) return none;
    const found = new Set<string>();
    const collect = (from: string): void => {
      for (const dependent of this.dependentsOf(from)) {
        if (found.has(dependent)) continue;
        found.add(dependent);
        collect(dependent);
      }
    };
    collect(id);
    return [...found];
  }
}

/**
 * Returns the path from `id` back to itself that there would be if it depended on `dependencies`, or `undefined`.
 *
 * @param dependenciesOf what each other id depends on.
 */
export function findCycle(
  id: string,
  dependencies: readonly string[],
  dependenciesOf: (id: string) => readonly string[],
): readonly string[] | undefined {
  const visited = new Set<string>();
  const search = (path: readonly string[], next: readonly string[]): readonly string[] | undefined => {
    for (const other of next) {
      if (other === id) return [...path, other];
      if (visited.has(other)) continue;
      visited.add(other);
      const found = search([...path, other], dependenciesOf(other));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search([id], dependencies);
}
