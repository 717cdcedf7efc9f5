import { slotsPerWindow } from './historyWindow.ts';

/** One slot: how long the target worked and did not, and how long it took to answer last. */
export interface Slot {
  /** When it begins, in epoch milliseconds. */
  readonly at: number;
  readonly upMs: number;
  readonly downMs: number;
  readonly latencyMs?: number;
}

const wordsPerSlot = 3;
const latencyWord = 2;

/** How many 32-bit words a ring takes: the number of its newest slot, and the slots. */
export const wordsPerRing = 1 + slotsPerWindow * wordsPerSlot;

/** Longer latencies are written as this, in microseconds. */
const longestUs = 2 ** 32 - 2;

/** The latest slots of one window, over words that it is given and never grows. Times are epoch milliseconds. */
export class SlotRing {
  readonly #words: Uint32Array;
  readonly #slotMs: number;

  /** @param words as many as {@link wordsPerRing}; all zero is a ring that knows nothing. */
  constructor(words: Uint32Array, slotMs: number) {
    this.#words = words;
    this.#slotMs = slotMs;
  }

  /** When its newest slot ends. */
  get until(): number {
    return (this.#newest + 1) * this.#slotMs;
  }

  /** Adds the time from `from` to `to`, whole milliseconds, of which what is older than the ring counts for nothing. */
  add(from: number, to: number, isUp: boolean): void {
    this.moveTo(to);
    let start = Math.max(from, this.#oldest * this.#slotMs);
    while (start < to) {
      const number = Math.floor(start / this.#slotMs);
      const end = Math.min(to, (number + 1) * this.#slotMs);
      const word = this.#wordOf(number);
      const [upMs = 0, downMs = 0] = this.#words.subarray(word, word + 2);
      // A clock that was set back tells the same time twice: it counts once.
      const addedMs = Math.min(end - start, this.#slotMs - upMs - downMs);
      if (isUp) this.#words[word] = upMs + addedMs;
      else this.#words[word + 1] = downMs + addedMs;
      start = end;
    }
  }

  /** Writes down a latency, in the place of an older one of the same slot. */
  record(at: number, latencyMs: number): void {
    this.moveTo(at);
    const number = Math.floor(at / this.#slotMs);
    if (number < this.#oldest) return;
    const latencyUs = Math.min(longestUs, Math.max(0, Math.round(latencyMs * 1_000)));
    this.#words[this.#wordOf(number) + latencyWord] = latencyUs + 1;
  }

  /** Lets go of what is older than the window that ends at `at`. */
  moveTo(at: number): void {
    const newest = Math.floor(at / this.#slotMs);
    if (newest <= this.#newest) return;
    const first = Math.max(this.#newest + 1, newest - slotsPerWindow + 1);
    for (let number = first; number <= newest; number++) {
      const word = this.#wordOf(number);
      this.#words.fill(0, word, word + wordsPerSlot);
    }
    this.#words[0] = newest;
  }

  /** Its slots, the oldest first. */
  *slots(): Generator<Slot> {
    for (let number = this.#oldest; number <= this.#newest; number++) {
      const word = this.#wordOf(number);
      const [upMs = 0, downMs = 0, latency = 0] = this.#words.subarray(word, word + wordsPerSlot);
      const slot = { at: number * this.#slotMs, upMs, downMs };
      yield latency === 0 ? slot : { ...slot, latencyMs: (latency - 1) / 1_000 };
    }
  }

  get #newest(): number {
    return this.#words[0] ?? 0;
  }

  get #oldest(): number {
    return Math.max(0, this.#newest - slotsPerWindow + 1);
  }

  #wordOf(number: number): number {
    return 1 + (number % slotsPerWindow) * wordsPerSlot;
  }
}
