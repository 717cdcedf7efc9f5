import type { GoawayNotice, HealthNotice, Notice } from '../model/notice.ts';
import type { DeliveryEvent, DeliveryListener, Unread } from './deliveryEvents.ts';
import type { Fanout, Reader } from './fanout.ts';
import { LogCursor } from './logCursor.ts';
import type { LogEntry } from './noticeLog.ts';
import { type Deliver, type DeliverBatch, parametersOf } from './notifierOptions.ts';

const awaited: DeliveryEvent = { type: 'delivery.awaited' };
const done: DeliveryEvent = { type: 'delivery.done' };
const nothing: Unread = { dropped: 0, coalesced: 0 };

/**
 * Calls one client's `deliver` outside of every transition, one delivery at a time, with what its cursor comes to.
 *
 * The notifier hears of a delivery that is not done at once, or fails; any other concerns nobody, and costs no transition.
 */
export class DeliveryPort extends LogCursor implements Reader {
  readonly #deliver: Deliver | DeliverBatch;
  readonly #fanout: Fanout;
  /** Most notices of one call; 0 where they are handed over one by one, not as a list. */
  readonly #batch: number;
  #listener: DeliveryListener | undefined;
  /** A signal costs more than most deliveries; one declared parameter shows that it would not be used. */
  #abort: AbortController | 'unused' | undefined;
  #mode: 'new' | 'reading' | 'stopped' | 'closed' = 'new';
  /** What the client takes its time for, or the goaway: other notices are in flight for no longer than their call lasts. */
  #inFlight: Notice | readonly HealthNotice[] | undefined;
  /** The entries of what is in flight. */
  #entries: LogEntry | readonly LogEntry[] | undefined;
  /** Whether a promise is waited for: perhaps it is kept already, or the notifier was told to wait. */
  #waits: 'no' | 'perhaps' | 'yes' = 'no';

  constructor(deliver: Deliver | DeliverBatch, fanout: Fanout, batch = 0) {
    super(fanout.log);
    this.#deliver = deliver;
    this.#abort = parametersOf(deliver) === 1 ? 'unused' : undefined;
    this.#fanout = fanout;
    this.#batch = batch;
  }

  /** What was handed over, or is about to be, and was not taken yet: of several notices the first. */
  get inFlight(): Notice | undefined {
    if (this.#inFlight === undefined) return isList(this.#entries) ? this.#entries[0]?.notice : this.#entries?.notice;
    return isList(this.#inFlight) ? this.#inFlight[0] : this.#inFlight;
  }

  /** Number of notices that were handed over and not taken yet. */
  get inFlightCount(): number {
    if (!this.#isBusy) return 0;
    return isList(this.#entries) ? this.#entries.length : 1;
  }

  /** Whether there is more to read, behind what is under way. */
  get hasMore(): boolean {
    return this.#mode === 'reading' && !this.isAtEnd;
  }

  /** Whether there is something to hand over now. */
  get isReady(): boolean {
    return !this.isAtEnd && this.#mode === 'reading' && !this.#isBusy;
  }

  /** Number of notices that wait, those under way among them. It looks at each. */
  get pending(): number {
    return this.inFlightCount + (this.hasMore ? this.unread().length : 0);
  }

  /** Where the client stands behind each of the notices that it was handed. */
  get positions(): readonly number[] {
    if (this.#entries === undefined) return [];
    return this.placesOf(isList(this.#entries) ? this.#entries : [this.#entries]);
  }

  /** Sets the notifier that hears of outcomes. Call it once, before anything else. */
  attach(notifier: DeliveryListener): void {
    this.#listener = notifier;
  }

  /** Begins to read: the present state (INV-8), or what changed after `offset`. */
  start(offset?: number): void {
    this.#mode = 'reading';
    this.toStart(offset);
    this.#fanout.add(this);
  }

  /** Reads no more; what is under way goes on. Again it does nothing, and answers that nothing was lost. */
  stop(): Unread {
    if (this.#mode !== 'reading') return nothing;
    this.#mode = 'stopped';
    this.#fanout.remove(this);
    const unread = this.unread();
    for (const entry of unread) this.#settle(entry, entry.notice, false);
    return { dropped: unread.length, coalesced: this.missed(unread.length + this.inFlightCount) };
  }

  /** Sends the goaway, behind which there is nothing. Nothing may be under way, and nothing be read any more. */
  sendGoaway(goaway: GoawayNotice): void {
    this.#mode = 'stopped';
    this.#inFlight = goaway;
    this.#fanout.comeBack(this);
  }

  /** Gives up on the delivery under way and on all that might follow. */
  abandon(): void {
    this.#mode = 'closed';
    this.#settleAll(this.#inFlight, false);
    if (typeof this.#abort === 'object') this.#abort.abort();
  }

  /** Drops the last notices of topics that are gone, where they are unread: too many of them wait. */
  drop(removed: readonly LogEntry[]): void {
    if (this.isAtEnd) return;
    const lost = removed.filter((entry) => this.isUnread(entry));
    if (lost.length === 0) return;
    for (const entry of lost) this.#settle(entry, entry.notice, false);
    this.account(lost.length);
    this.#listener?.send({ type: 'notices.dropped', count: lost.length });
  }

  /**
   * Hands over what comes next, about `most` notices, or until the client takes its time; answers how many. For the fan-out.
   *
   * The common way is kept short: engines make one piece of it, and of what it calls, only up to a size.
   */
  run(most: number): number {
    if (this.#mode !== 'reading') return this.#handGoaway();
    if (this.#isBusy) return 0;
    let handed = 0;
    while (handed < most && !this.isAtEnd) {
      if (this.#batch > 0) handed += this.#handBatch();
      else {
        const entry = this.next();
        if (entry === undefined) break;
        handed += 1;
        this.#handEntry(entry);
      }
      if (this.#entries !== undefined || !this.#isReading()) break;
    }
    if (this.isAtEnd) this.#rest();
    else if (this.isSaturated) this.#goRound();
    return handed;
  }

  /** Hands over one notice. One that is taken at once costs no step of the notifier. */
  #handEntry(entry: LogEntry): void {
    const { notice } = entry;
    this.#entries = entry;
    let taking: void | Promise<void>;
    try {
      const deliver = this.#deliver as (notice: Notice, signal?: AbortSignal) => void | Promise<void>;
      taking = this.#abort === 'unused' ? deliver(notice) : deliver(notice, this.#signal);
    } catch (cause) {
      this.#inFlight = notice;
      this.#fail(cause);
      return;
    }
    if (taking !== undefined) this.#wait(notice, taking);
    else if (!this.#isReading()) this.#taken(notice);
    else {
      this.#entries = undefined;
      this.account(1);
      if (entry.progress !== undefined) this.#settle(entry, notice, true);
    }
  }

  /** Hands over a batch; answers how many notices it holds. */
  #handBatch(): number {
    const batch = this.nextBatch(this.#batch);
    if (batch === undefined) return 0;
    this.#entries = batch.entries;
    this.#hand(batch.notices, batch.notices);
    return batch.notices.length;
  }

  #handGoaway(): number {
    const goaway = this.#inFlight;
    if (this.#mode !== 'stopped' || goaway === undefined || this.#waits !== 'no') return 0;
    this.#hand(goaway, this.#batch > 0 ? [goaway] : goaway);
    return 1;
  }

  #hand(what: Notice | readonly HealthNotice[], given: unknown): void {
    try {
      const deliver = this.#deliver as (given: unknown, signal?: AbortSignal) => void | Promise<void>;
      const taking = this.#abort === 'unused' ? deliver(given) : deliver(given, this.#signal);
      if (taking === undefined) this.#taken(what);
      else this.#wait(what, taking);
    } catch (cause) {
      this.#inFlight = what;
      this.#fail(cause);
    }
  }

  get #isBusy(): boolean {
    return this.#entries !== undefined || this.#inFlight !== undefined;
  }

  get #signal(): AbortSignal {
    if (typeof this.#abort !== 'object') this.#abort = new AbortController();
    return this.#abort.signal;
  }

  #wait(what: Notice | readonly HealthNotice[], taking: Promise<void>): void {
    this.#inFlight = what;
    this.#waits = 'perhaps';
    Promise.resolve(taking).then(
      () => this.#goOn(),
      (cause: unknown) => this.#fail(cause),
    );
    // A promise that was settled when it was returned has ended the delivery before this runs.
    queueMicrotask(() => {
      if (this.#waits !== 'perhaps') return;
      this.#waits = 'yes';
      this.#listener?.send(awaited);
    });
  }

  #goOn(): void {
    if (this.#inFlight === undefined || !this.#taken(this.#inFlight)) return;
    if (!this.#rest()) this.#fanout.comeBack(this);
  }

  /** Ends the delivery; answers whether the client may be handed more. */
  #taken(what: Notice | readonly HealthNotice[]): boolean {
    const isHeardOf = this.#waits === 'yes' || this.#mode === 'stopped';
    this.#waits = 'no';
    // It was counted as dropped, and whoever would hear of it has ended.
    if (this.#mode === 'closed') return false;
    this.#settleAll(what, true);
    if (isHeardOf) this.#listener?.send(done);
    return this.#isReading();
  }

  #fail(cause: unknown): void {
    this.#waits = 'no';
    this.#listener?.send({ type: 'delivery.failed', cause });
  }

  #isReading(): boolean {
    return this.#mode === 'reading';
  }

  /** Gives an account of what it missed, once it has read all; answers whether it has. */
  #rest(): boolean {
    if (!this.isAtEnd || this.#mode !== 'reading' || this.#isBusy) return false;
    this.#sayMissed(0);
    this.caughtUp();
    return true;
  }

  /** Goes round all topics: it reads less than changes. What it missed so far is said first. */
  #goRound(): void {
    if (this.#mode !== 'reading') return;
    this.#sayMissed(this.unread().length + this.inFlightCount);
    this.beginRound();
  }

  #sayMissed(unread: number): void {
    const count = this.missed(unread);
    if (count === 0) return;
    this.account(count);
    this.#listener?.send({ type: 'notices.coalesced', count });
  }

  /** @param what as it was handed over; left out while the call lasts. */
  #settleAll(what: Notice | readonly HealthNotice[] | undefined, told: boolean): void {
    const entries = this.#entries;
    this.#entries = undefined;
    // Kept empty where it is: a store costs more than most deliveries.
    if (this.#inFlight !== undefined) this.#inFlight = undefined;
    if (entries === undefined) return;
    if (!isList(entries)) {
      this.account(1);
      this.#settle(entries, what ?? this.#presentOf(entries), told);
      return;
    }
    this.account(entries.length);
    const notices = what as readonly HealthNotice[] | undefined;
    for (const [index, entry] of entries.entries()) {
      this.#settle(entry, notices === undefined ? this.#presentOf(entry) : notices[index], told);
    }
  }

  /** The notice of an entry, unless it is another than was handed over. */
  #presentOf(entry: LogEntry): HealthNotice | undefined {
    return this.isUnread(entry) ? undefined : entry.notice;
  }

  /** Counts a notice as delivered or dropped, unless its entry has moved on to another. */
  #settle(entry: LogEntry, notice: unknown, told: boolean): void {
    if (entry.notice !== notice || entry.progress === undefined || !this.isOwed(entry)) return;
    this.#fanout.convergence.settle(entry.progress, told);
  }
}

function isList<TItem>(items: TItem | readonly TItem[] | undefined): items is readonly TItem[] {
  return Array.isArray(items);
}
