/** Who is told of which topic, found without looking at anybody else. */
export class Audience<TMember> {
  readonly #ofAll = new Set<TMember>();
  readonly #byTopic = new Map<string, Set<TMember>>();

  /** Enters a member that is told of `topics`, or of all when that is left out. */
  add(member: TMember, topics: readonly string[] | undefined): void {
    if (topics === undefined) this.#ofAll.add(member);
    for (const topic of topics ?? []) {
      const members = this.#byTopic.get(topic);
      if (members === undefined) this.#byTopic.set(topic, new Set([member]));
      else members.add(member);
    }
  }

  /** Forgets a member that was entered with `topics`; a topic that nobody is told of costs nothing. */
  remove(member: TMember, topics: readonly string[] | undefined): void {
    this.#ofAll.delete(member);
    for (const topic of topics ?? []) {
      const members = this.#byTopic.get(topic);
      members?.delete(member);
      if (members?.size === 0) this.#byTopic.delete(topic);
    }
  }

  /** Those who are told of `topic` now. */
  of(topic: string): readonly TMember[] {
    return [...this.#ofAll, ...(this.#byTopic.get(topic) ?? [])];
  }
}
