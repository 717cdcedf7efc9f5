import type { BatchKey } from '../entries/batches.ts';

/** One batch that was sent, as the frame that it was. */
export interface SentBatch extends BatchKey {
  readonly frame: Buffer;
  /** Its number: each batch has the next. */
  readonly seq: number;
}

/** The last batches of entries that a hub has sent, for clients that come back. */
export class BatchLog {
  readonly #max: number;
  #batches: SentBatch[] = [];
  #seq = 0;

  /** @param max the most batches that are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Number of the last batch. */
  get seq(): number {
    return this.#seq;
  }

  add(key: BatchKey, frame: Buffer): SentBatch {
    this.#seq += 1;
    const batch = { topic: key.topic, scope: key.scope, frame, seq: this.#seq };
    this.#batches.push(batch);
    // Some more at once, so that not every batch moves all others.
    if (this.#batches.length > 2 * this.#max) this.#batches = this.#batches.slice(-this.#max);
    return batch;
  }

  /** @returns the batches after number `seq`; `undefined` where some of them are no longer kept. */
  after(seq: number): readonly SentBatch[] | undefined {
    const missing = this.#seq - seq;
    if (missing < 0 || missing > Math.min(this.#max, this.#batches.length)) return undefined;
    return missing === 0 ? [] : this.#batches.slice(-missing);
  }
}
