import { binsPerWindow } from './historyWindow.ts';

/** One bin of a window: how long the target was up and down, and its last latency. */
export interface Bin {
  /** Its begin, in epoch milliseconds. */
  readonly at: number;
  readonly upMs: number;
  readonly downMs: number;
  readonly latencyMs?: number;
}

const wordsPerBin = 3;
const latencyWord = 2;

/** Size of a ring in 32-bit words: the number of its newest bin, and the bins. */
export const wordsPerRing = 1 + binsPerWindow * wordsPerBin;

/** The longest latency that can be stored, in microseconds. */
const longestUs = 2 ** 32 - 2;

/** Ring of the latest bins of one window, in a fixed array of words. Times are epoch milliseconds. */
export class BinRing {
  readonly #words: Uint32Array;
  readonly #binMs: number;

  /** @param words as many as {@link wordsPerRing}; all zero is an empty ring. */
  constructor(words: Uint32Array, binMs: number) {
    this.#words = words;
    this.#binMs = binMs;
  }

  /** The end of its newest bin. */
  get until(): number {
    return (this.#newest + 1) * this.#binMs;
  }

  /** Adds the time from `from` to `to`, in whole milliseconds; what is older than the ring is left out. */
  add(from: number, to: number, isUp: boolean): void {
    this.advanceTo(to);
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

  /** Records a latency; it replaces an earlier one of the same bin. */
  record(at: number, latencyMs: number): void {
    this.advanceTo(at);
    const number = Math.floor(at / this.#binMs);
    if (number < this.#oldest) return;
    const latencyUs = Math.min(longestUs, Math.max(0, Math.round(latencyMs * 1_000)));
    this.#words[this.#wordOf(number) + latencyWord] = latencyUs + 1;
  }

  /** Moves the window so that it ends at `at`, and clears the bins that became older. */
  advanceTo(at: number): void {
    const newest = Math.floor(at / this.#binMs);
    if (newest <= this.#newest) return;
    const first = Math.max(this.#newest + 1, newest - binsPerWindow + 1);
    for (let number = first; number <= newest; number++) {
      const word = this.#wordOf(number);
      this.#words.fill(0, word, word + wordsPerBin);
    }
    this.#words[0] = newest;
  }

  /** Returns the sum of all bins, without allocating them. */
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
