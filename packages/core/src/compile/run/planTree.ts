/** Plans by sequences of keys: a trie whose every node may hold a plan. */
export class PlanTree<TKey, TPlan> {
  plan: TPlan | undefined;
  #next: Map<TKey, PlanTree<TKey, TPlan>> | undefined;

  /** The subtree of the sequences that go on with `key`; made when it is first asked for. */
  with(key: TKey): PlanTree<TKey, TPlan> {
    this.#next ??= new Map();
    let next = this.#next.get(key);
    if (next === undefined) {
      next = new PlanTree();
      this.#next.set(key, next);
    }
    return next;
  }
}
