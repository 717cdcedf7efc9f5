import type { LogEntry, NoticeLog } from './noticeLog.ts';

/**
 * A round of all topics in a lasting order, for a client that reads less than changes.
 *
 * By the order of last change, such a client would never hear of the topics that change most: they are at the end of
 * the log whenever it comes near. In a round each topic has its turn, whatever changes meanwhile. What is told in it ahead
 * of the client's place is remembered, so that it is not told again when the place comes there.
 */
export class FairRound {
  readonly #head: number;
  readonly #told: Map<LogEntry, number>;
  #left: IterableIterator<LogEntry> | undefined;

  /**
   * @param offset the client's place.
   * @param before the round before, some of which may still lie ahead of that place.
   */
  constructor(log: NoticeLog, offset: number, before: FairRound | undefined) {
    this.#head = log.head;
    this.#left = log.entries();
    const ahead = (before === undefined ? [] : [...before.#told]).filter(
      ([entry, told]) => told === entry.offset && told > offset,
    );
    this.#told = new Map(ahead);
  }

  /** Whether some topic has not had its turn. */
  get isOn(): boolean {
    return this.#left !== undefined;
  }

  /** Up to where everything has been told, once the round is over. */
  get head(): number {
    return this.#head;
  }

  /** Whether the present notice of an entry was told in a round. */
  hasTold(entry: LogEntry): boolean {
    return this.#told.get(entry) === entry.offset;
  }

  /** The next entry that `isUnread`; nothing when the round is over. */
  next(isUnread: (entry: LogEntry) => boolean): LogEntry | undefined {
    if (this.#left === undefined) return undefined;
    for (const entry of this.#left) {
      if (!isUnread(entry)) continue;
      this.#told.set(entry, entry.offset);
      return entry;
    }
    this.#left = undefined;
    return undefined;
  }
}
