import type { HealthNotice } from '../model/notice.ts';
import type { Progress } from './convergence.ts';

/** The latest notice of one topic, at its place in a log. It is one object for as long as its topic is kept. */
export interface LogEntry {
  notice: HealthNotice;
  /** Who is still owed the notice, where that is counted. */
  progress: Progress | undefined;
  /** Grows with every change, the same in all logs: a client may read on in another log of the same topics. */
  offset: number;
  index: number;
  /** When its topic was removed, in changes of the log; 0 while there is such a topic. */
  removedAt: number;
}

/** Notices in a row that are handed over in one call: the same object to all who stand at the same place. */
export interface Batch {
  readonly notices: readonly HealthNotice[];
  readonly entries: readonly LogEntry[];
}

/** A batch, and what was asked for when it was made: it is right until something changes. */
interface KnownBatch {
  readonly offset: number;
  readonly most: number;
  readonly changes: number;
  readonly batch: Batch;
}

/** Gaps that are left alone, so that a short log is not closed up at every change. */
const minGaps = 64;

/**
 * The retained notices of one set of topics in the order of their last change: a log that is compacted by topic, as
 * Kafka compacts one by key. There is one copy of each notice, whoever still has to read it.
 *
 * A change moves its topic to the end and leaves a gap. When the gaps are more than half, the log is closed up, so it is
 * never longer than twice its topics and 64. Appending costs the same whatever waits.
 */
export class NoticeLog {
  #line: (LogEntry | undefined)[] = [];
  /** The offset of each place, those of gaps too, so that a place is found by bisection. */
  #offsets: number[] = [];
  readonly #byTopic = new Map<string, LogEntry>();
  #topics = 0;
  #gaps = 0;
  /** The oldest removal first. */
  readonly #removed = new Set<LogEntry>();
  #changes = 0;
  #head = 0;
  #appended = 0;
  /** The place that was looked for last, and the entry that was found last. */
  #askedOffset = -1;
  #askedIndex = 0;
  #last: LogEntry | undefined;
  /** The batch that was asked for last. */
  #batch: KnownBatch | undefined;
  /** All that were made since the last change, until memory is cleaned: clients come back one by one to many places. */
  readonly #batches = new Map<number, WeakRef<KnownBatch>>();

  /** Number of places, gaps among them. */
  get length(): number {
    return this.#line.length;
  }

  /** Offset of the last notice appended: a reader that stands here has read everything. */
  get head(): number {
    return this.#head;
  }

  /** Offset of the last change, appended or removed. */
  get changes(): number {
    return this.#changes;
  }

  /** Number of notices that were ever appended. */
  get appended(): number {
    return this.#appended;
  }

  /** Number of topics there are. */
  get topics(): number {
    return this.#topics;
  }

  /** Topics that were removed, whose last notice is still kept for those who have not read it. The oldest removal first. */
  get removed(): ReadonlySet<LogEntry> {
    return this.#removed;
  }

  /** The entry of a topic, unless it was removed. */
  entryOf(topic: string): LogEntry | undefined {
    const entry = this.#byTopic.get(topic);
    return entry?.removedAt === 0 ? entry : undefined;
  }

  /** All entries in a lasting order, that of their first notice; removed ones too. May be followed while the log grows. */
  entries(): IterableIterator<LogEntry> {
    return this.#byTopic.values();
  }

  /**
   * Appends the latest notice of a topic, in the place of the one before.
   * @param offset of the change; must be greater than that of any change before.
   */
  append(notice: HealthNotice, progress: Progress | undefined, offset = this.#changes + 1): void {
    this.#changes = offset;
    this.#appended += 1;
    this.#head = offset;
    const index = this.#line.length;
    let entry = this.#byTopic.get(notice.topic);
    if (entry === undefined) {
      entry = { notice, progress, offset: this.#head, index, removedAt: 0 };
      this.#byTopic.set(notice.topic, entry);
      this.#topics += 1;
    } else {
      this.#line[entry.index] = undefined;
      this.#gaps += 1;
      if (entry.removedAt > 0) {
        this.#removed.delete(entry);
        this.#topics += 1;
      }
      entry.notice = notice;
      entry.progress = progress;
      entry.offset = this.#head;
      entry.index = index;
      entry.removedAt = 0;
    }
    this.#line.push(entry);
    this.#offsets.push(this.#head);
    this.#closeUpIfDue();
  }

  /**
   * Notes that a topic is gone: those who read on are told its last notice, those who come later are not.
   * @param offset of the change; must be greater than that of any change before.
   */
  remove(topic: string, offset = this.#changes + 1): void {
    const entry = this.entryOf(topic);
    if (entry === undefined) return;
    this.#changes = offset;
    this.#removed.add(entry);
    this.#topics -= 1;
    entry.removedAt = this.#changes;
  }

  /** Forgets a removed topic and its last notice. */
  forget(entry: LogEntry): void {
    this.#line[entry.index] = undefined;
    this.#gaps += 1;
    this.#removed.delete(entry);
    this.#byTopic.delete(entry.notice.topic);
    // It has no place any more that would be kept right.
    if (this.#last === entry) this.#last = undefined;
    this.#closeUpIfDue();
  }

  /** The next entry after `offset`, wherever that lies. Asked by one reader after another at one place, it knows. */
  entryAfter(offset: number): LogEntry | undefined {
    for (let index = this.#indexAfter(offset); index < this.#line.length; index++) {
      const entry = this.#line[index];
      if (entry === undefined) continue;
      this.#last = entry;
      return entry;
    }
    return undefined;
  }

  /** The next entries after `offset`, at most `most`: one object for all who ask at one place. */
  batchAfter(offset: number, most: number): Batch {
    const known = this.#batch?.offset === offset ? this.#batch : this.#batches.get(offset)?.deref();
    if (known !== undefined && known.most === most && known.changes === this.#changes) {
      this.#batch = known;
      return known.batch;
    }
    const entries: LogEntry[] = [];
    for (let entry = this.entryAfter(offset); entry !== undefined; entry = this.entryAfter(entry.offset)) {
      entries.push(entry);
      if (entries.length === most) break;
    }
    const batch = batchOf(entries);
    if (this.#batch?.changes !== this.#changes) this.#batches.clear();
    this.#batch = { offset, most, changes: this.#changes, batch };
    this.#batches.set(offset, new WeakRef(this.#batch));
    return batch;
  }

  #indexAfter(offset: number): number {
    // One who reads on stands at the last one found, one who begins where the one before began.
    if (offset === this.#last?.offset) return this.#last.index + 1;
    if (offset === this.#askedOffset) return this.#askedIndex;
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#offsets[middle] as number) > offset) high = middle;
      else low = middle + 1;
    }
    this.#askedOffset = offset;
    this.#askedIndex = low;
    return low;
  }

  #closeUpIfDue(): void {
    if (this.#gaps <= minGaps || this.#gaps * 2 <= this.#line.length) return;
    const line = this.#line.filter((entry) => entry !== undefined);
    line.forEach((entry, index) => {
      entry.index = index;
    });
    this.#line = line;
    this.#offsets = line.map(({ offset }) => offset);
    this.#gaps = 0;
    this.#askedOffset = -1;
    this.#batch = undefined;
  }
}

/** Entries as they are handed over: what they say now, whatever they say later. */
export function batchOf(entries: readonly LogEntry[]): Batch {
  return { notices: entries.map(({ notice }) => notice), entries };
}
