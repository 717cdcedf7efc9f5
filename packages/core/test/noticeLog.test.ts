import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealthNotice } from '../src/index.ts';
import { LogCursor } from '../src/notifier/logCursor.ts';
import { NoticeLog } from '../src/notifier/noticeLog.ts';

const topics = ['a', 'b', 'c', 'd', 'e'] as const;
type Topic = (typeof topics)[number];

const notice = (topic: string, seq: number): HealthNotice => ({ type: 'health', topic, health: 'healthy', seq, at: 0 });

/** What one reader should be told: the notices it has not read, by topic, in the order of their last change. */
class Model {
  readonly unread = new Map<string, number>();
  accepted: number;
  read = 0;

  constructor(present: ReadonlyMap<string, number>) {
    for (const [topic, seq] of present) this.unread.set(topic, seq);
    this.accepted = present.size;
  }

  append(topic: string, seq: number): void {
    this.unread.delete(topic);
    this.unread.set(topic, seq);
    this.accepted += 1;
  }

  take(): number | undefined {
    const [first] = this.unread;
    if (first === undefined) return undefined;
    this.unread.delete(first[0]);
    this.read += 1;
    return first[1];
  }
}

type Step =
  | { act: 'append'; topic: Topic }
  | { act: 'remove'; topic: Topic }
  | { act: 'join'; topic: Topic }
  | { act: 'return'; topic: Topic }
  | { act: 'read'; reader: number; most: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('append' as const), topic: fc.constantFrom(...topics) }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constantFrom('remove', 'join', 'return'), topic: fc.constantFrom(...topics) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('read' as const),
      reader: fc.nat(5),
      most: fc.integer({ min: 1, max: 4 }),
    }),
  },
) as fc.Arbitrary<Step>;

describe('a log of notices', () => {
  it('tells each reader the latest of each topic in the order of last change, and knows what it missed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.boolean(), (steps, inBatches) => {
        const log = new NoticeLog();
        const present = new Map<string, number>();
        const readers: { cursor: LogCursor; model: Model }[] = [];
        let seq = 0;
        for (const made of steps) {
          if (made.act === 'append') {
            seq += 1;
            present.delete(made.topic);
            present.set(made.topic, seq);
            log.append(notice(made.topic, seq), undefined);
            for (const { model } of readers) model.append(made.topic, seq);
          } else if (made.act === 'remove') {
            log.remove(made.topic);
            present.delete(made.topic);
          } else if (made.act === 'join') {
            const cursor = new LogCursor(log);
            cursor.toStart();
            readers.push({ cursor, model: new Model(present) });
          } else if (made.act === 'return') {
            const before = readers[topics.indexOf(made.topic)];
            if (before === undefined) continue;
            const missed = [...before.model.unread].filter(([topic, last]) => present.get(topic) === last);
            const cursor = new LogCursor(log);
            cursor.toStart(before.cursor.offset);
            readers.push({ cursor, model: new Model(new Map(missed)) });
          } else {
            const reader = readers[made.reader];
            if (reader === undefined) continue;
            const { cursor, model } = reader;
            if (inBatches) {
              const { notices: batch = [], entries = [] } = cursor.nextBatch(made.most) ?? {};
              const places = cursor.placesOf(entries);
              if (places.length > 0) expect(places.at(-1)).toBe(cursor.offset);
              for (const [index, entry] of entries.entries()) {
                expect(places.slice(0, index).every((place) => place < entry.offset)).toBe(true);
              }
              expect(batch.map((told) => told.seq)).toEqual(
                Array.from({ length: Math.min(made.most, model.unread.size) }, () => model.take()),
              );
              cursor.account(batch.length);
            } else {
              const entry = cursor.next();
              expect(entry?.notice.seq).toBe(model.take());
              cursor.account(entry === undefined ? 0 : 1);
            }
            expect(cursor.unread().map((entry) => entry.notice.seq)).toEqual([...model.unread.values()]);
          }
        }
        for (const { cursor, model } of readers) {
          expect(cursor.missed(model.unread.size)).toBe(model.accepted - model.read - model.unread.size);
        }
      }),
    );
  });

  it('hands those who stand at one place the same list, and others their own', () => {
    const log = new NoticeLog();
    for (let seq = 1; seq <= 5; seq++) log.append(notice(`t${seq}`, seq), undefined);
    const cursors = Array.from({ length: 3 }, () => new LogCursor(log));
    for (const cursor of cursors) cursor.toStart();
    const [first, second, third] = cursors as [LogCursor, LogCursor, LogCursor];
    const batch = first.nextBatch(3);
    expect(second.nextBatch(3)).toBe(batch);
    third.next();
    expect(third.nextBatch(3)?.notices.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(first.nextBatch(3)?.notices.map(({ seq }) => seq)).toEqual([4, 5]);
    expect(first.nextBatch(3)).toBeUndefined();
  });

  it('hands the same list to those who come to one place at other times, as long as nothing has changed', () => {
    const log = new NoticeLog();
    for (let seq = 1; seq <= 9; seq++) log.append(notice(`t${seq}`, seq), undefined);
    const [first, second] = [new LogCursor(log), new LogCursor(log)];
    for (const cursor of [first, second]) cursor.toStart();
    const batches = [first.nextBatch(3), first.nextBatch(3), first.nextBatch(3)];
    for (const batch of batches) expect(second.nextBatch(3)).toBe(batch);
    const third = new LogCursor(log);
    third.toStart();
    log.append(notice('t1', 10), undefined);
    expect(third.nextBatch(3)?.notices.map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  it('lets nobody resume behind what was told out of order, before all of the round was', () => {
    const log = new NoticeLog();
    for (let seq = 1; seq <= 4; seq++) log.append(notice(`t${seq}`, seq), undefined);
    const cursor = new LogCursor(log);
    cursor.toStart();
    cursor.nextBatch(4);
    for (const seq of [5, 6]) log.append(notice(`t${seq}`, seq), undefined);
    for (const [topic, seq] of [
      ['t4', 7],
      ['t1', 8],
    ] as const)
      log.append(notice(topic, seq), undefined);
    cursor.beginRound();
    const told: number[] = [];
    for (let batch = cursor.nextBatch(3); batch !== undefined; batch = cursor.nextBatch(3)) {
      for (const [index, place] of cursor.placesOf(batch.entries).entries()) {
        told.push((batch.notices[index] as HealthNotice).seq);
        const resumed = new LogCursor(log);
        resumed.toStart(place);
        const again = resumed.unread().map((entry) => entry.notice.seq);
        expect([...new Set([...told, ...again])].sort()).toEqual([5, 6, 7, 8]);
      }
    }
    expect([told, cursor.offset]).toEqual([[8, 7, 5, 6], 8]);
  });

  it('holds one entry for each topic, however much changes and whoever does not read', () => {
    const log = new NoticeLog();
    const idle = new LogCursor(log);
    idle.toStart();
    for (let seq = 1; seq <= 10_000; seq++) log.append(notice(`t${seq % 100}`, seq), undefined);
    expect([log.topics, idle.unread().length, log.length]).toEqual([100, 100, expect.any(Number)]);
    expect(log.length).toBeLessThanOrEqual(2 * 100 + 64);
  });
});

describe('a client that reads less than changes', () => {
  it.each([0.1, 0.5, 0.9])(
    'hears of every topic in time, also of those that change most: %d reads a change',
    (pace) => {
      const log = new NoticeLog();
      const total = 100;
      let seq = 0;
      const change = (topic: number) => log.append(notice(`t${topic}`, ++seq), undefined);
      for (let topic = 0; topic < total; topic++) change(topic);
      const cursor = new LogCursor(log);
      cursor.toStart();
      const told = new Map<string, { changes: number; reads: number; seq: number }>();
      for (let topic = 0; topic < total; topic++) told.set(`t${topic}`, { changes: 0, reads: 0, seq: 0 });
      let changes = 0;
      let reads = 0;
      let due = 0;
      while (changes < 60_000) {
        // Half of all changes are of ten topics, which are thus always near the end of the log.
        change(changes % 2 === 0 ? (changes / 2) % 10 : (changes * 7) % total);
        changes += 1;
        due += pace;
        while (due >= 1) {
          due -= 1;
          if (cursor.isSaturated) {
            cursor.account(cursor.missed(cursor.unread().length));
            cursor.beginRound();
          }
          const entry = cursor.next();
          if (entry === undefined) {
            cursor.account(cursor.missed(0));
            cursor.caughtUp();
            break;
          }
          cursor.account(1);
          reads += 1;
          const last = told.get(entry.notice.topic);
          expect(entry.notice.seq).toBeGreaterThan(last?.seq ?? 0);
          told.set(entry.notice.topic, { changes, reads, seq: entry.notice.seq });
        }
        for (const [topic, last] of told) {
          const isStarved = changes - last.changes > 4 * total && reads - last.reads > 2 * total;
          const isCurrent = log.entryOf(topic)?.notice.seq === last.seq;
          if (isStarved && !isCurrent) throw new Error(`${topic} was not told for ${changes - last.changes} changes`);
        }
      }
      expect(reads).toBeGreaterThan(pace * 20_000);
    },
  );
});
