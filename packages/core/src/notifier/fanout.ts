import type { HealthNotice } from '../model/notice.ts';
import { Fifo } from '../runtime/fifo.ts';
import type { LongTask, RunQueue } from '../runtime/runQueue.ts';
import type { Slice } from '../runtime/slice.ts';
import type { Convergence, Progress } from './convergence.ts';
import { type LogEntry, NoticeLog } from './noticeLog.ts';

/** What a fan-out needs. */
export interface FanoutOptions {
  readonly runQueue: RunQueue;
  readonly convergence: Convergence;
  /** Topics that are gone whose last notice may wait at once; beyond it the oldest is dropped. */
  readonly maxPending: number;
  /** Called when the last client has left. */
  readonly onEmpty?: () => void;
}

/** One client of a fan-out. */
export interface Reader {
  /** Up to where it has read. */
  readonly offset: number;
  /** Whether there is something to hand over now. */
  readonly isReady: boolean;
  /** Hands over about `most` notices, or fewer where the client takes its time, or none; answers how many. */
  run(most: number): number;
  /** Drops the last notices of topics that are gone, where they are unread. */
  drop(removed: readonly LogEntry[]): void;
}

/** Notices that one client is handed before the next has its turn. */
const noticesPerTurn = 32;

/**
 * The clients that read one log, and the task that hands each what it has not read, client by client.
 *
 * It passes over all of them after a change; a client that took its time comes back by itself, and costs no pass. What
 * is handed over counts for the slice, so that the loop is free again in time, however many clients there are.
 */
export class Fanout implements LongTask {
  readonly log = new NoticeLog();
  readonly convergence: Convergence;
  readonly #runQueue: RunQueue;
  readonly #maxPending: number;
  readonly #onEmpty: (() => void) | undefined;
  readonly #readers = new Set<Reader>();
  /** A reader comes: until then it is not given up. */
  #isExpected = false;
  #queued = false;
  /** Something changed since the present pass began. */
  #changed = false;
  #pass: readonly Reader[] | undefined;
  #next = 0;
  /** The readers as a list, which is gone through faster; made anew when one has come or gone. */
  #list: readonly Reader[] | undefined;
  /** Those who took their time, and go on where they stand. */
  readonly #back = new Fifo<Reader>();

  constructor({ runQueue, convergence, maxPending, onEmpty }: FanoutOptions) {
    this.#runQueue = runQueue;
    this.convergence = convergence;
    this.#maxPending = maxPending;
    this.#onEmpty = onEmpty;
  }

  /** Number of clients that read. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Keeps it for a reader that is about to be added, should the last one leave before. */
  expectReader(): void {
    this.#isExpected = true;
  }

  /** Lets a client read on from where it stands. */
  add(reader: Reader): void {
    this.#isExpected = false;
    this.#readers.add(reader);
    this.#list = undefined;
    this.#passAgain();
  }

  /** Lets a client read no more. */
  remove(reader: Reader): void {
    this.#readers.delete(reader);
    this.#list = undefined;
    if (this.#readers.size === 0 && !this.#isExpected) this.#onEmpty?.();
  }

  /** Appends a notice; each client is handed it, or a newer one of its topic, in its turn. */
  append(notice: HealthNotice, progress: Progress | undefined, offset: number): void {
    this.log.append(notice, progress, offset);
    if (this.#readers.size > 0) this.#passAgain();
  }

  /** Notes that a topic is gone. Its last notice stays for those who have not read it. */
  removeTopic(topic: string, offset: number): void {
    this.log.remove(topic, offset);
    if (this.#readers.size === 0 || this.log.removed.size > this.#maxPending) this.#forgetRemoved();
  }

  /** Lets one client have its turn that took its time, or is to be told to go. */
  comeBack(reader: Reader): void {
    this.#back.push(reader);
    this.#wake();
  }

  /** For the run queue only. */
  run(slice: Slice): boolean {
    do {
      if (this.#runBack(slice) || this.#runPass(slice)) return true;
    } while (this.#back.length > 0 || this.#changed);
    this.#queued = false;
    return false;
  }

  /** Serves those who came back; answers whether the slice is over. */
  #runBack(slice: Slice): boolean {
    for (let reader = this.#back.shift(); reader !== undefined; reader = this.#back.shift()) {
      const handed = reader.run(noticesPerTurn);
      // Unless something changes, no pass comes by.
      if (reader.isReady) this.#back.push(reader);
      if (slice.spend(1 + handed)) return true;
    }
    return false;
  }

  /** Passes over all readers if something has changed; answers whether the slice is over. */
  #runPass(slice: Slice): boolean {
    if (this.#pass === undefined) {
      if (!this.#changed) return false;
      this.#changed = false;
      this.#list ??= [...this.#readers];
      this.#pass = this.#list;
      this.#next = 0;
    }
    while (this.#next < this.#pass.length) {
      const reader = this.#pass[this.#next] as Reader;
      this.#next += 1;
      const handed = reader.run(noticesPerTurn);
      if (handed >= noticesPerTurn && reader.isReady) this.#changed = true;
      if (slice.spend(1 + handed)) return true;
    }
    this.#pass = undefined;
    return false;
  }

  #passAgain(): void {
    this.#changed = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#queued) return;
    this.#queued = true;
    this.#runQueue.pushLong(this);
  }

  /** Forgets removed topics that everybody has read, and the oldest beyond the limit, which are dropped and counted. */
  #forgetRemoved(): void {
    const { log } = this;
    let least = Number.POSITIVE_INFINITY;
    for (const { offset } of this.#readers) least = Math.min(least, offset);
    for (const entry of log.removed) if (entry.offset <= least) log.forget(entry);
    if (log.removed.size <= this.#maxPending) return;
    // Some more, so that not every removal has to look at every client.
    const kept = this.#maxPending - Math.floor(this.#maxPending / 4);
    const dropped = [...log.removed].slice(0, log.removed.size - kept);
    for (const reader of this.#readers) reader.drop(dropped);
    for (const entry of dropped) log.forget(entry);
  }
}
