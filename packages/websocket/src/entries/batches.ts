import { textFrame } from '../connection/textFrame.ts';

/** Whom a batch is for: one topic, one scope. */
export interface Audience {
  readonly topic: string;
  readonly scope: string | undefined;
}

/** Entries that wait for their batch, as JSON already. */
export interface Batch extends Audience {
  readonly entries: string[];
}

/** The batches being filled, one for each audience. */
export class Batches {
  readonly #byScope = new Map<string | undefined, Map<string, Batch>>();

  /** Adds an entry and answers the batch it went into. */
  add({ topic, scope }: Audience, entry: string): Batch {
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

  /** Takes one batch out. */
  take({ topic, scope }: Audience): void {
    const byTopic = this.#byScope.get(scope);
    byTopic?.delete(topic);
    if (byTopic?.size === 0) this.#byScope.delete(scope);
  }

  /** Takes all batches out. */
  takeAll(): readonly Batch[] {
    const batches = [...this.#byScope.values()].flatMap((byTopic) => [...byTopic.values()]);
    this.#byScope.clear();
    return batches;
  }
}

/** A batch as it goes over the wire; written once for its whole audience (INV-24). */
export function encodeBatch({ topic, entries }: Batch): Buffer {
  return textFrame(`{"type":"entries","topic":${JSON.stringify(topic)},"entries":[${entries.join(',')}]}`);
}
