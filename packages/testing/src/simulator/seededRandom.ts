/**
 * A small source of random numbers, the same for the same seed: Marsaglia's xorshift over 32 bits, its state spread
 * by one round of multiplication. Not for secrets.
 *
 * @example
 * ```ts
 * import { SeededRandom } from '@watchkeeper/testing';
 *
 * const random = new SeededRandom(7);
 * random.below(6); // always the same first number for 7
 * ```
 */
export class SeededRandom {
  #state: number;

  /** @param seed any whole number. */
  constructor(seed: number) {
    // Neighbouring seeds must not begin alike, and a state of 0 would stay 0.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
    for (let round = 0; round < 4; round++) this.next();
  }

  /** A number from 0 up to 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state / 2 ** 32;
  }

  /** A whole number from 0 up to `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Whether something of this probability happens now. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of `choices`, all alike. There must be one. */
  pick<const TChoice>(choices: readonly [TChoice, ...TChoice[]]): TChoice {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /** One of `choices`, or nothing when there is none. */
  pickAny<TChoice>(choices: readonly TChoice[]): TChoice | undefined {
    return choices[this.below(choices.length)];
  }
}
