/** A first-in, first-out queue. Taking the first costs the same however many there are. */
export class Fifo<TItem> {
  #items: TItem[] = [];
  #next = 0;

  get length(): number {
    return this.#items.length - this.#next;
  }

  push(item: TItem): void {
    this.#items.push(item);
  }

  /** Removes and returns the first; nothing when there is none. */
  shift(): TItem | undefined {
    if (this.#next === this.#items.length) return undefined;
    const item = this.#items[this.#next];
    this.#next += 1;
    if (this.#next === this.#items.length) {
      this.#items = [];
      this.#next = 0;
    } else if (this.#next >= 1_024 && this.#next * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#next);
      this.#next = 0;
    }
    return item;
  }
}
