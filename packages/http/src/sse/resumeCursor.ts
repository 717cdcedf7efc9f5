/**
 * Position of a client in the stream of notices, from which it can resume.
 *
 * Notices may reach a client out of the order of their `seq`, since a newer one takes the place of an older one that
 * still waits. So an event id is sent only when nothing waits: from there on every greater `seq` is new to the client.
 */
export class ResumeCursor {
  readonly #feedId: string;
  readonly #resumedAt: number;
  #greatest: number;

  /** @param lastEventId the `Last-Event-ID` of the client; an id of another feed is ignored. */
  constructor(feedId: string, lastEventId: string | undefined) {
    this.#feedId = feedId;
    this.#resumedAt = seqOf(feedId, lastEventId);
    this.#greatest = this.#resumedAt;
  }

  /** @returns whether the client had this notice before it came back. */
  has(seq: number): boolean {
    return seq <= this.#resumedAt;
  }

  /** Counts a notice as sent. @returns the event id to send with it, if there may be one. */
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
