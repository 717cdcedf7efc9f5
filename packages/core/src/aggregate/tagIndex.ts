const none: ReadonlySet<string> = new Set();

/** Index of the monitors of each tag, given up ones included. */
export class TagIndex {
  readonly #tags = new Map<string, readonly string[]>();
  readonly #ids = new Map<string, Set<string>>();

  /** Sets the tags of a monitor, in place of its former ones; returns those that it gained or lost. */
  set(id: string, tags: readonly string[]): readonly string[] {
    const former = this.tagsOf(id);
    const gained = tags.filter((tag) => !former.includes(tag));
    const lost = former.filter((tag) => !tags.includes(tag));
    for (const tag of lost) {
      const ids = this.#ids.get(tag);
      ids?.delete(id);
      if (ids?.size === 0) this.#ids.delete(tag);
    }
    for (const tag of gained) {
      const ids = this.#ids.get(tag);
      if (ids === undefined) this.#ids.set(tag, new Set([id]));
      else ids.add(id);
    }
    if (tags.length === 0) this.#tags.delete(id);
    else this.#tags.set(id, tags);
    return [...gained, ...lost];
  }

  /** The tags of a monitor. */
  tagsOf(id: string): readonly string[] {
    return this.#tags.get(id) ?? [];
  }

  /** The monitors of a tag, in the order in which they got it. */
  idsOf(tag: string): ReadonlySet<string> {
    return this.#ids.get(tag) ?? none;
  }
}
