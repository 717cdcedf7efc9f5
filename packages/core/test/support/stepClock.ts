interface Waiting {
  dueMs: number;
  order: number;
  callback: () => void;
}

/** A clock moved by hand. It fires what comes due one by one, also what is armed meanwhile. */
export class StepClock {
  #nowMs = 0;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): Waiting {
    const waiting = { dueMs: this.#nowMs + delayMs, order: this.#order++, callback };
    this.#waiting.add(waiting);
    return waiting;
  }

  clearTimeout(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let next = this.#first(endMs); next !== undefined; next = this.#first(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#waiting.delete(next);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** Due times of the armed timers, the earliest first. */
  due(): number[] {
    return [...this.#waiting].map(({ dueMs }) => dueMs).sort((left, right) => left - right);
  }

  #first(endMs: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.dueMs > endMs) continue;
      if (first === undefined || waiting.dueMs < first.dueMs) first = waiting;
    }
    return first;
  }
}
