/** The other way to keep many timers behind one host timer, to measure the wheel against: a binary heap by due time. */
export class HeapClock {
  #heap = [];
  #wake;
  #wakeMs = Number.POSITIVE_INFINITY;

  setTimeout(callback, delayMs) {
    const timer = { callback, dueMs: performance.now() + delayMs, index: this.#heap.length };
    this.#heap.push(timer);
    this.#rise(timer);
    this.#rewake();
    return timer;
  }

  clearTimeout(timer) {
    if (timer.index < 0) return;
    this.#remove(timer);
    this.#rewake();
  }

  #rewake() {
    const dueMs = this.#heap.length === 0 ? Number.POSITIVE_INFINITY : this.#heap[0].dueMs;
    if (dueMs === this.#wakeMs || (dueMs > this.#wakeMs && this.#heap.length > 0)) return;
    clearTimeout(this.#wake);
    this.#wakeMs = dueMs;
    if (dueMs < Number.POSITIVE_INFINITY) this.#wake = setTimeout(() => this.#fireDue(), dueMs - performance.now());
  }

  #fireDue() {
    this.#wakeMs = Number.NEGATIVE_INFINITY;
    const nowMs = performance.now();
    while (this.#heap.length > 0 && this.#heap[0].dueMs <= nowMs) {
      const [timer] = this.#heap;
      this.#remove(timer);
      timer.callback();
    }
    this.#wakeMs = Number.POSITIVE_INFINITY;
    this.#rewake();
  }

  #remove(timer) {
    const { index } = timer;
    timer.index = -1;
    const last = this.#heap.pop();
    if (last === timer) return;
    this.#heap[index] = last;
    last.index = index;
    this.#rise(last);
    this.#sink(last);
  }

  #rise(timer) {
    let { index } = timer;
    while (index > 0) {
      const above = this.#heap[(index - 1) >> 1];
      if (above.dueMs <= timer.dueMs) break;
      this.#heap[index] = above;
      const next = above.index;
      above.index = index;
      index = next;
    }
    this.#heap[index] = timer;
    timer.index = index;
  }

  #sink(timer) {
    let { index } = timer;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      if (left === undefined) break;
      const below = right !== undefined && right.dueMs < left.dueMs ? right : left;
      if (below.dueMs >= timer.dueMs) break;
      const next = below.index;
      this.#heap[index] = below;
      below.index = index;
      index = next;
    }
    this.#heap[index] = timer;
    timer.index = index;
  }
}
