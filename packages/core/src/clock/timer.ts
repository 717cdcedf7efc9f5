/**
 * An armed callback, and the handle of its owner.
 *
 * A timer is its own link in a ring: lists need no nodes of their own, and a timer leaves
 * whichever list holds it in O(1). A bare timer heads a list; linked to itself it is in none.
 */
export class Timer {
  readonly callback: () => void;
  /** When to fire, in whole milliseconds of the wheel's monotonic source: small integers stay unboxed. */
  readonly dueMs: number;
  next: Timer;
  previous: Timer;

  constructor(callback: () => void, dueMs: number) {
    this.callback = callback;
    this.dueMs = dueMs;
    this.next = this;
    this.previous = this;
  }

  get linked(): boolean {
    return this.next !== this;
  }

  append(timer: Timer): void {
    const last = this.previous;
    last.next = timer;
    timer.previous = last;
    timer.next = this;
    this.previous = timer;
  }

  unlink(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this;
    this.previous = this;
  }

  /** Empties the list and returns its first timer; follow `next` until it is this head again. */
  release(): Timer {
    const first = this.next;
    this.next = this;
    this.previous = this;
    return first;
  }
}

const nothing = () => {};

/** An empty list. */
export const createHead = (): Timer => new Timer(nothing, 0);
