/** Index of subscribers by topic. A lookup visits nobody else. */
export class SubscribersByTopic<TSubscriber> {
  readonly #ofAll = new Set<TSubscriber>();
  readonly #byTopic = new Map<string, Set<TSubscriber>>();

  /** Adds a subscriber to `topics`, or to all when that is left out. */
  add(subscriber: TSubscriber, topics: Iterable<string> | undefined): void {
    if (topics === undefined) this.#ofAll.add(subscriber);
    for (const topic of topics ?? []) {
      const subscribers = this.#byTopic.get(topic);
      if (subscribers === undefined) this.#byTopic.set(topic, new Set([subscriber]));
      else subscribers.add(subscriber);
    }
  }

  /** Removes a subscriber. `topics` must be what it was added with. */
  remove(subscriber: TSubscriber, topics: Iterable<string> | undefined): void {
    this.#ofAll.delete(subscriber);
    for (const topic of topics ?? []) {
      const subscribers = this.#byTopic.get(topic);
      subscribers?.delete(subscriber);
      if (subscribers?.size === 0) this.#byTopic.delete(topic);
    }
  }

  /** Returns the present subscribers of `topic`. */
  of(topic: string): readonly TSubscriber[] {
    return [...this.#ofAll, ...(this.#byTopic.get(topic) ?? [])];
  }
}
