import { FairRound } from './fairRound.ts';
import { type Batch, batchOf, type LogEntry, type NoticeLog } from './noticeLog.ts';

/** So many changes a topic, without once having read all, and a client counts as one that reads less than changes. */
const saturatedAfter = 2;

/**
 * Up to where one client has read a log, and what it has missed.
 *
 * What waits for the client stands in the log, once for all clients. How many unread notices were replaced by newer ones
 * is known by subtraction: all that were appended, less those that were read and those that still wait.
 */
export class LogCursor {
  readonly log: NoticeLog;
  #offset = 0;
  /** Changes of the log when it began to read. */
  #since = 0;
  /** Notices it began with, less those that were appended before and those it has given an account of since. */
  #balance = 0;
  /** Notices that had been appended when it last had read all, or went round all topics. */
  #caughtUpAt = 0;
  #round: FairRound | undefined;
  /** Where it stood before it moved on by what it last answered, while it goes round. */
  #before = 0;

  constructor(log: NoticeLog) {
    this.log = log;
  }

  /** Up to where everything was read, but for what a round has told ahead. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether nothing is left to read. */
  get isAtEnd(): boolean {
    return this.#offset === this.log.head;
  }

  /**
   * Stands before the first notice: what comes next is the present state (INV-8). Or behind `offset`, up to where the
   * client had read before: what comes next is what changed since. An offset that was never reached says nothing.
   */
  toStart(offset = 0): void {
    this.#since = this.log.changes;
    this.#offset = offset > this.log.head ? 0 : offset;
    const unread = this.#offset === 0 ? this.log.topics : this.#countUnread();
    this.#balance = unread - this.log.appended;
    this.#caughtUpAt = -this.#balance;
  }

  /** Whether the client reads less than changes: it has read as many notices as there are topics, and is further behind. */
  get isSaturated(): boolean {
    const { appended, topics } = this.log;
    if (appended - this.#caughtUpAt <= saturatedAfter * topics || this.#round?.isOn) return false;
    return -(this.#caughtUpAt + this.#balance) >= topics;
  }

  /** Goes round all topics, before it reads on in the order of their last change. */
  beginRound(): void {
    this.#caughtUpAt = this.log.appended;
    this.#round = new FairRound(this.log, this.#offset, this.#round);
  }

  /** Moves to the next notice and answers it; nothing at the end. */
  next(): LogEntry | undefined {
    const entry = this.#round === undefined ? this.log.entryAfter(this.#offset) : undefined;
    if (entry === undefined || entry.removedAt > 0) return this.#nextOfConcern();
    this.#offset = entry.offset;
    return entry;
  }

  /** Moves on by up to `most` notices and answers them, in one object for all cursors that stood at this place. */
  nextBatch(most: number): Batch | undefined {
    if (this.#round === undefined && this.log.removed.size === 0) {
      const batch = this.log.batchAfter(this.#offset, most);
      this.#offset = batch.entries.at(-1)?.offset ?? this.log.head;
      return batch.entries.length === 0 ? undefined : batch;
    }
    this.#before = this.#offset;
    const entries: LogEntry[] = [];
    while (entries.length < most) {
      const entry = this.next();
      if (entry === undefined) break;
      entries.push(entry);
    }
    return entries.length === 0 ? undefined : batchOf(entries);
  }

  /** Up to where everything is read behind each of the entries that it was answered last. */
  placesOf(entries: readonly LogEntry[]): number[] {
    const last = entries.length - 1;
    if (this.#round === undefined) return entries.map(({ offset }, index) => (index === last ? this.#offset : offset));
    return entries.map((_, index) => (index === last ? this.#offset : this.#before));
  }

  /** What is left to read, in order. It looks at each. */
  unread(): LogEntry[] {
    const unread: LogEntry[] = [];
    for (
      let entry = this.log.entryAfter(this.#offset);
      entry !== undefined;
      entry = this.log.entryAfter(entry.offset)
    ) {
      if (this.#concerns(entry)) unread.push(entry);
    }
    return unread;
  }

  /** The first of what is left to read, in the order of last change. */
  get firstUnread(): LogEntry | undefined {
    let entry = this.log.entryAfter(this.#offset);
    while (entry !== undefined && !this.#concerns(entry)) entry = this.log.entryAfter(entry.offset);
    return entry;
  }

  /** Whether an entry is still to be read. */
  isUnread(entry: LogEntry): boolean {
    return entry.offset > this.#offset && this.#concerns(entry);
  }

  /** Whether an entry was appended after the client began to read: who comes later is not waited for. */
  isOwed(entry: LogEntry): boolean {
    return entry.offset > this.#since;
  }

  /** Enters that so many notices were read, dropped or said to be missed. */
  account(notices: number): void {
    this.#balance -= notices;
  }

  /** Notices that are accounted for in no way yet, of which `open` still wait or are under way: the others were missed. */
  missed(open: number): number {
    return this.#balance + this.log.appended - open;
  }

  /** Takes note that all was read. */
  caughtUp(): void {
    this.#caughtUpAt = this.log.appended;
    if (this.#round !== undefined) this.#round = undefined;
  }

  /** As {@link LogCursor.next}, in a round or where some topics are gone. */
  #nextOfConcern(): LogEntry | undefined {
    const told = this.#nextOfRound();
    if (told !== undefined) return told;
    for (;;) {
      const entry = this.log.entryAfter(this.#offset);
      this.#offset = entry?.offset ?? this.log.head;
      if (entry === undefined || this.#concerns(entry)) return entry;
    }
  }

  #countUnread(): number {
    let unread = 0;
    for (
      let entry = this.log.entryAfter(this.#offset);
      entry !== undefined;
      entry = this.log.entryAfter(entry.offset)
    ) {
      if (this.#concerns(entry)) unread += 1;
    }
    return unread;
  }

  #nextOfRound(): LogEntry | undefined {
    if (this.#round === undefined || !this.#round.isOn) return undefined;
    const entry = this.#round.next((each) => this.isUnread(each));
    if (entry === undefined) this.#offset = Math.max(this.#offset, this.#round.head);
    return entry;
  }

  /** Whether an entry is of a topic that there was when the client came, and was not told in a round. */
  #concerns(entry: LogEntry): boolean {
    if (entry.removedAt > 0 && entry.removedAt <= this.#since) return false;
    return this.#round === undefined || !this.#round.hasTold(entry);
  }
}
