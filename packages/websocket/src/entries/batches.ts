import { textFrame } from '../connection/textFrame.ts';

/** Topic and scope whose entries share a batch. */
export interface BatchKey {
  readonly topic: string;
  readonly scope: string | undefined;
}

/** One batch being filled; its entries are JSON. */
export interface Batch extends BatchKey {
  readonly entries: string[];
}

/** The batches being filled, one for each topic and scope. */
export class Batches {
  readonly #byScope = new Map<string | undefined, Map<string, Batch>>();

  /** @returns the batch the entry went into. */
  add({ topic, scope }: BatchKey, entry: string): Batch {
    let byTopic = this.#byScope.get(scope);
    if (byTopic === undefined) {
      byTopic = new Map();
      this.#byScope.set(scope, byTopic);
    }
    let batch = byTopic.get(topic);
    if (batch === undefined) {
      batch = { topic, scope, entries: [] };
      byTopic.set(topic, batch);
    }
    batch.entries.push(entry);
    return batch;
  }

  /** Removes one batch. */
  take({ topic, scope }: BatchKey): void {
    const byTopic = this.#byScope.get(scope);
    byTopic?.delete(topic);
    if (byTopic?.size === 0) this.#byScope.delete(scope);
  }

  /** Removes all batches and returns them. */
  takeAll(): readonly Batch[] {
    const batches = [...this.#byScope.values()].flatMap((byTopic) => [...byTopic.values()]);
    this.#byScope.clear();
    return batches;
  }
}

/** Encodes a batch as one frame, which every client it is for is sent as it is (INV-24). */
export function encodeBatch({ topic, entries }: Batch): Buffer {
  return textFrame(`{"type":"entries","topic":${JSON.stringify(topic)},"entries":[${entries.join(',')}]}`);
}
