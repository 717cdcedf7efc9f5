import { binsPerWindow } from './historyWindow.ts';

/** One bin: how long the target worked and did not, and how long it took to answer last. */
export interface Bin {
  /** When it begins, in epoch milliseconds. */
  readonly at: number;
  readonly upMs: number;
  readonly downMs: number;
  readonly latencyMs?: number;
}

const wordsPerBin = 3;
const latencyWord = 2;

/** How many 32-bit words a ring takes: the number of its newest bin, and the bins. */
export const wordsPerRing = 1 + binsPerWindow * wordsPerBin;

/** Longer latencies are written as this, in microseconds. */
const longestUs = 2 ** 32 - 2;

/** The latest bins of one window, over words that it is given and never grows. Times are epoch milliseconds. */
export class BinRing {
  readonly #words: Uint32Array;
  readonly #binMs: number;

  /** @param words as many as {@link wordsPerRing}; all zero is a ring that knows nothing. */
  constructor(words: Uint32Array, binMs: number) {
    this.#words = words;
    this.#binMs = binMs;
  }

  /** When its newest bin ends. */
  get until(): number {
    return (this.#newest + 1) * this.#binMs;
  }

  /** Adds the time from `from` to `to`, whole milliseconds, of which what is older than the ring counts for nothing. */
  add(from: number, to: number, isUp: boolean): void {
    this.moveTo(to);
    let start = Math.max(from, this.#oldest * this.#binMs);
    while (start < to) {
      const number = Math.floor(start / this.#binMs);
      const end = Math.min(to, (number + 1) * this.#binMs);
      const word = this.#wordOf(number);
      const [upMs = 0, downMs = 0] = this.#words.subarray(word, word + 2);
      // A clock that was set back tells the same time twice: it counts once.
      const addedMs = Math.min(end - start, this.#binMs - upMs - downMs);
      if (isUp) this.#words[word] = upMs + addedMs;
      else this.#words[word + 1] = downMs + addedMs;
      start = end;
    }
  }

  /** Writes down a latency, in the place of an older one of the same bin. */
  record(at: number, latencyMs: number): void {
    this.moveTo(at);
    const number = Math.floor(at / this.#binMs);
    if (number < this.#oldest) return;
    const latencyUs = Math.min(longestUs, Math.max(0, Math.round(latencyMs * 1_000)));
    this.#words[this.#wordOf(number) + latencyWord] = latencyUs + 1;
  }

  /** Lets go of what is older than the window that ends at `at`. */
  moveTo(at: number): void {
    const newest = Math.floor(at / this.#binMs);
    if (newest <= this.#newest) return;
    const first = Math.max(this.#newest + 1, newest - binsPerWindow + 1);
    for (let number = first; number <= newest; number++) {
      const word = this.#wordOf(number);
      this.#words.fill(0, word, word + wordsPerBin);
    }
    this.#words[0] = newest;
  }

  /** The sum of all its bins, without making any. */
  totals(): { readonly upMs: number; readonly downMs: number } {
    let [upMs, downMs] = [0, 0];
    for (let word = 1; word < wordsPerRing; word += wordsPerBin) {
      upMs += this.#words[word] ?? 0;
      downMs += this.#words[word + 1] ?? 0;
    }
    return { upMs, downMs };
  }

  /** Its bins, the oldest first. */
  *bins(): Generator<Bin> {
    for (let number = this.#oldest; number <= this.#newest; number++) {
      const word = this.#wordOf(number);
      const [upMs = 0, downMs = 0, latency = 0] = this.#words.subarray(word, word + wordsPerBin);
      const bin = { at: number * this.#binMs, upMs, downMs };
      yield latency === 0 ? bin : { ...bin, latencyMs: (latency - 1) / 1_000 };
    }
  }

  get #newest(): number {
    return this.#words[0] ?? 0;
  }

  get #oldest(): number {
    return Math.max(0, this.#newest - binsPerWindow + 1);
  }

  #wordOf(number: number): number {
    return 1 + (number % binsPerWindow) * wordsPerBin;
  }
}
