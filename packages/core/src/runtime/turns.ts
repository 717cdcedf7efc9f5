import { Fifo } from './fifo.ts';
import { createSlice, type OwnSlice } from './slice.ts';

/** So many go on at once in a turn, and pay nothing; what they do comes later, so the clock would not tell. */
const atOnce = 8;

/**
 * Lets many that would go on at once go on in slices of the loop's turns, first come, first served.
 *
 * They go on in promises, which no slice can end: so one is let go after another, as long as the slice lasts.
 */
export class Turns {
  readonly #slice: OwnSlice | undefined;
  readonly #waiting = new Fifo<() => void>();
  /** When the first of them has waited for as long as it may. */
  #untilMs = Number.POSITIVE_INFINITY;
  #isScheduled = false;
  /** Those who went on at once in this turn. */
  #passed = 0;

  /** @param isSliced whether there are slices: on a clock that is moved by hand all go on at once, so that stories replay. */
  constructor(isSliced: boolean) {
    this.#slice = isSliced ? createSlice() : undefined;
  }

  /**
   * Returns when to go on: nothing for at once, or a promise. When one has waited for the `mostMs` that it may, it and all
   * before it go on, slice or not.
   */
  take(mostMs: number): Promise<void> | undefined {
    if (this.#slice === undefined) return undefined;
    if (this.#waiting.length === 0 && this.#passed < atOnce) {
      if (this.#passed === 0) this.#slice.yieldTo(this.#newTurn);
      this.#passed += 1;
      return undefined;
    }
    return new Promise((goOn) => {
      this.#waiting.push(goOn);
      this.#untilMs = Math.min(this.#untilMs, performance.now() + mostMs);
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      this.#slice?.yieldTo(this.#goOn);
    });
  }

  readonly #newTurn = (): void => {
    this.#passed = 0;
  };

  readonly #goOn = (): void => {
    const slice = this.#slice as OwnSlice;
    slice.begin();
    this.#waiting.shift()?.();
    this.#isScheduled = this.#waiting.length > 0;
    if (!this.#isScheduled) {
      this.#untilMs = Number.POSITIVE_INFINITY;
      return;
    }
    // The next comes behind what this one does.
    if (!slice.spend(1) || performance.now() > this.#untilMs) queueMicrotask(this.#goOn);
    else slice.yieldTo(this.#goOn);
  };
}
