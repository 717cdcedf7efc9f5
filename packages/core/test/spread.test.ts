import { fakeConnection, inbox } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, type Session } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

/** A supervisor with so many sessions, whose peers stay. */
function crowd(sessions: number, random = () => 0.5) {
  const kept = createTestSupervisor({ random });
  const connections = Array.from({ length: sessions }, () => fakeConnection());
  const opened = connections.map((connection) => expectReserved(kept.keeper.reserve()).open(connection));
  const told = () => connections.filter(({ goaways }) => goaways.length > 0).length;
  return { ...kept, connections, opened, told };
}

describe('a spread drain', () => {
  it('tells so many clients a second, each with its whole grace (INV-25, INV-30)', async () => {
    const { keeper, clock, connections, told, of } = crowd(10);
    const ended = keeper.drain({ graceMs: 1_000, deadlineMs: 10_000, goawaysPerSecond: 2 });
    const seen: number[] = [];
    for (let second = 0; second < 5; second++) {
      await clock.advance(1_000);
      seen.push(told());
    }
    expect(seen).toEqual([2, 4, 6, 8, 10]);
    expect(of('drain.spread')).toMatchObject([{ clients: 10, spreadMs: 5_000, raised: false }]);
    const [first] = connections;
    expect(first).toMatchObject({
      goaways: [{ graceMs: 1_000, at: keeper.stats().phase === 'draining' ? clock.now() - 4_750 : 0 }],
    });
    await clock.advance(1_000);
    expect(await ended).toMatchObject({ durationMs: 5_750, reason: 'drained', sessions: { total: 10, forced: 10 } });
    const closes = of('actor.ended').map(({ at }) => at);
    expect(Math.max(...closes) - Math.min(...closes)).toBe(4_500);
    expect(of('client.goaway').map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('jitters each turn within its share of the time', async () => {
    let draw = 0;
    const { keeper, clock, of } = crowd(4, () => [0.9, 0, 0.999, 0.2][draw++ % 4] ?? 0);
    const startedAt = clock.now();
    void keeper.drain({ graceMs: 1_000, deadlineMs: 10_000, goawaysPerSecond: 1 });
    await clock.advance(4_000);
    expect(of('client.goaway').map(({ at }) => at - startedAt)).toEqual([900, 1_000, 2_999, 3_200]);
  });

  it('raises its rate so that the last has its whole grace before the deadline (INV-28)', async () => {
    const { keeper, clock, told, of } = crowd(100);
    const ended = keeper.drain({ noticeMs: 500, graceMs: 1_000, deadlineMs: 2_500, goawaysPerSecond: 1 });
    await clock.advance(1_500);
    expect(told()).toBe(100);
    expect(of('drain.spread')).toMatchObject([{ clients: 100, spreadMs: 990, raised: true }]);
    await clock.advance(1_000);
    expect(await ended).toMatchObject({ reason: 'drained', sessions: { forced: 100 } });
  });

  it('is refused where the deadline leaves no time for it', () => {
    const { keeper } = createTestSupervisor();
    const drain = { graceMs: 1_000, deadlineMs: 1_000, goawaysPerSecond: 1 };
    const refusal = { constructor: InvalidOptionError, option: 'drain.deadlineMs', received: 1_000 };
    expect(() => keeper.drain(drain)).toThrow(expect.objectContaining(refusal));
    expect(() => createTestSupervisor({ drain })).toThrow(expect.objectContaining(refusal));
  });

  it('tells a session and its notifiers in the same moment, and a notifier alone in a turn of its own', async () => {
    const { keeper, clock, opened, of } = crowd(2);
    const [, second] = opened as [Session, Session];
    const client = inbox();
    keeper.notifier('lone', inbox().deliver);
    keeper.notifier('second', client.deliver, { session: second.id });
    keeper.notifier('orphan', inbox().deliver, { session: 'gone' });
    await clock.settle();
    void keeper.drain({ graceMs: 1_000, deadlineMs: 10_000, goawaysPerSecond: 1 });
    await clock.advance(4_000);
    const turns = of('client.goaway').map(({ kind, id, at }) => `${kind} ${id} ${at}`);
    const at = clock.now() - 4_000;
    expect(turns).toEqual([
      `session 1 ${at + 500}`,
      `notifier second ${at + 1_500}`,
      `session 2 ${at + 1_500}`,
      `notifier lone ${at + 2_500}`,
      `notifier orphan ${at + 3_500}`,
    ]);
    expect(client.said.at(-1)).toBe('goaway');
  });

  it('hints at another time to connect again to each client, latecomers too', async () => {
    let draw = 0;
    const { keeper, clock, connections } = crowd(3, () => draw++ / 10);
    const late = expectReserved(keeper.reserve());
    void keeper.drain({ graceMs: 1_000, reconnectSpreadMs: 10_000 });
    await clock.settle();
    const straggler = fakeConnection();
    late.open(straggler);
    await clock.settle();
    const hints = [...connections, straggler].map(({ goaways }) => goaways[0]?.reconnectAfterMs);
    expect(hints).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it('tells whom it refuses, too, to come back at another time each', async () => {
    let draw = 0;
    const { keeper } = createTestSupervisor({ retryAfterMs: 500, random: () => draw++ / 10 });
    void keeper.drain({ graceMs: 1_000, reconnectSpreadMs: 10_000 });
    const waits = [keeper.reserve(), keeper.reserve(), keeper.reserve()].map((refusal) => refusal.reserved || refusal);
    expect(waits).toMatchObject([500, 1_500, 2_500].map((retryAfterMs) => ({ reason: 'draining', retryAfterMs })));
  });

  it('gives no hint, and tells all the same and at once, unless asked', async () => {
    const { keeper, clock, connections, of } = crowd(2);
    void keeper.drain();
    await clock.settle();
    const [a, b] = connections;
    expect(a?.goaways[0]).toBe(b?.goaways[0]);
    expect(a?.goaways[0]).not.toHaveProperty('reconnectAfterMs');
    expect(of('drain.spread')).toEqual([]);
  });

  it('is over as soon as all have left (INV-29)', async () => {
    const { keeper, clock, opened, connections } = crowd(3);
    const ended = keeper.drain({ graceMs: 1_000, deadlineMs: 10_000, goawaysPerSecond: 1 });
    await clock.advance(1_000);
    for (const session of opened) session.end();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 1_000, sessions: { early: 3, forced: 0 } });
    expect(connections.map(({ goaways }) => goaways.length)).toEqual([1, 0, 0]);
    expect(clock.pending).toBe(0);
  });

  it('tells a session that comes meanwhile at once, with a grace that ends with the last one (INV-26)', async () => {
    const { keeper, clock } = crowd(4);
    const [early, late] = [expectReserved(keeper.reserve()), expectReserved(keeper.reserve())];
    const ended = keeper.drain({ graceMs: 1_000, deadlineMs: 10_000, goawaysPerSecond: 1 });
    const connection = fakeConnection();
    await clock.advance(1_000);
    early.open(connection);
    await clock.advance(2_700);
    const later = fakeConnection();
    late.open(later);
    await clock.settle();
    expect([connection.goaways, later.goaways]).toMatchObject([[{ graceMs: 1_000 }], [{ graceMs: 800 }]]);
    await clock.advance(800);
    expect(await ended).toMatchObject({ durationMs: 4_500, sessions: { total: 6, stragglers: 2 } });
  });

  it('is cut short like any other: whoever was not told is closed without (INV-31)', async () => {
    const { keeper, clock, connections } = crowd(3);
    const ended = keeper.drain({ graceMs: 1_000, deadlineMs: 10_000, goawaysPerSecond: 1 });
    await clock.advance(1_000);
    void keeper.stop();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 1_000, reason: 'aborted', sessions: { forced: 3 } });
    expect(connections.map(({ goaways, closes }) => [goaways.length, closes])).toEqual([
      [1, ['stopped']],
      [0, ['stopped']],
      [0, ['stopped']],
    ]);
    expect(clock.pending).toBe(0);
  });
});
