declare const setImmediate: ((next: () => void) => unknown) | undefined;

/** How much of the event loop's turn has been used, for whoever has many things to do. */
export interface Slice {
  /** Counts parts that were done; answers whether the slice is over. */
  spend(parts: number): boolean;
}

/** A slice as its owner sees it. */
export interface OwnSlice extends Slice {
  readonly isOver: boolean;
  readonly isHalfOver: boolean;
  /** Begins to run: with what is left of this turn's slice, or with a new one in a new turn. */
  begin(): void;
  /** Calls `next` in the next turn. */
  yieldTo(next: () => void): void;
}

/**
 * The length of a slice, and the way to the next turn of the event loop. Where yielding costs next to nothing, short slices
 * make a broadcast faster: what was written to a client is sent, and freed, while it is still in the caches and young.
 */
const host =
  typeof setImmediate === 'function'
    ? { sliceMs: 1, nextTurn: setImmediate }
    : { sliceMs: 20, nextTurn: (next: () => void) => setTimeout(next, 0) };

/** Reading the clock costs more than a short part, so it is read once in so many, more or fewer as they take. */
const parts = { least: 4, first: 64, most: 128 } as const;

/**
 * A slice of time, counted from the first part of the loop's turn: a queue that runs empty and is filled again by promises
 * gets no fresh one.
 */
class TimeSlice implements OwnSlice {
  #startMs = 0;
  #readMs = 0;
  #every: number = parts.first;
  #left = 0;
  #isTurnOpen = false;
  isOver = false;
  isHalfOver = false;

  begin(): void {
    if (this.#isTurnOpen) return;
    this.#isTurnOpen = true;
    this.isOver = false;
    this.isHalfOver = false;
    this.#left = this.#every;
    this.#startMs = performance.now();
    this.#readMs = this.#startMs;
    host.nextTurn(this.#endTurn);
  }

  spend(done: number): boolean {
    this.#left -= done;
    if (this.#left <= 0) this.#readClock();
    return this.isOver;
  }

  yieldTo(next: () => void): void {
    host.nextTurn(next);
  }

  readonly #endTurn = () => {
    this.#isTurnOpen = false;
  };

  #readClock(): void {
    const nowMs = performance.now();
    const tookMs = nowMs - this.#readMs;
    if (tookMs > host.sliceMs / 4) this.#every = Math.max(parts.least, this.#every / 2);
    else if (tookMs < host.sliceMs / 16) this.#every = Math.min(parts.most, this.#every * 2);
    this.#readMs = nowMs;
    this.#left = this.#every;
    const usedMs = nowMs - this.#startMs;
    this.isHalfOver = usedMs > host.sliceMs / 2;
    this.isOver = usedMs > host.sliceMs;
  }
}

/** A slice of so many parts, whatever time they take: the same story runs the same each time it is told. */
class CountedSlice implements OwnSlice {
  readonly #size: number;
  #left = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get isOver(): boolean {
    return this.#left <= 0;
  }

  get isHalfOver(): boolean {
    return this.#left * 2 <= this.#size;
  }

  begin(): void {
    this.#left = this.#size;
  }

  spend(done: number): boolean {
    this.#left -= done;
    return this.isOver;
  }

  yieldTo(next: () => void): void {
    queueMicrotask(next);
  }
}

/** Makes a slice of `size` parts, or of a time when that is left out. */
export function createSlice(size?: number): OwnSlice {
  return size === undefined ? new TimeSlice() : new CountedSlice(size);
}
