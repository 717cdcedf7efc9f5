/**
 * Where a client stands in the stream of notices, so that it can resume there.
 *
 * Notices may reach a client out of the order of their `seq`, since a newer one takes the place of an older one that
 * still waits. So a cursor may be named only when nothing waits: from there on every greater `seq` is news.
 */
export class SseCursor {
  readonly #feedId: string;
  readonly #resumedAt: number;
  #greatest: number;

  /** @param lastEventId what the client says it has; of another feed, or none of ours, it counts for nothing. */
  constructor(feedId: string, lastEventId: string | undefined) {
    this.#feedId = feedId;
    this.#resumedAt = seqOf(feedId, lastEventId);
    this.#greatest = this.#resumedAt;
  }

  /** Whether the client had this notice before it came back. */
  has(seq: number): boolean {
    return seq <= this.#resumedAt;
  }

  /** Counts a notice as told; answers the event id to send with it, if there may be one. */
  pass(seq: number, nothingWaits: boolean): string | undefined {
    this.#greatest = Math.max(this.#greatest, seq);
    return nothingWaits ? `${this.#feedId}.${this.#greatest}` : undefined;
  }
}

function seqOf(feedId: string, lastEventId: string | undefined): number {
  const prefix = `${feedId}.`;
  if (lastEventId === undefined || !lastEventId.startsWith(prefix)) return -1;
  const digits = lastEventId.slice(prefix.length);
  return /^\d{1,15}$/.test(digits) ? Number(digits) : -1;
}
