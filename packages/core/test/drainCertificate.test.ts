import { fakeConnection, inbox, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type Connection, type ConnectionActivity, createSupervisor } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

/** Drains a supervisor of one connection that does not leave, and says what it is doing. */
async function drainOne(doing: NonNullable<Connection['doing']>) {
  const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 50 });
  expectReserved(keeper.reserve('10.0.0.1')).open({ ...fakeConnection(), doing });
  const ended = keeper.drain({ graceMs: 100 });
  await clock.advance(1_000);
  return { report: await ended };
}

describe('the clients of a drain’s report', () => {
  it('are those who were forced, left unfinished or evicted, with what they were doing', async () => {
    const { keeper, clock, of } = createTestSupervisor({ closeTimeoutMs: 50 });
    const leaving = fakeConnection({ onGoaway: () => left.end() });
    const left = expectReserved(keeper.reserve('early')).open(leaving);
    const busy = { what: 'POST /orders', bytesWritten: 12, since: 5, closeCode: 1001 };
    const forced = expectReserved(keeper.reserve('10.0.0.1')).open({ ...fakeConnection(), doing: () => busy });
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    keeper.notifier('told', inbox().deliver);
    keeper.notifier('slow', inbox('hold').deliver, { session: forced.id });
    await clock.settle();
    const at = clock.now();
    const ended = keeper.drain({ graceMs: 100 });
    await clock.advance(1_000);
    const { clients, unnamedClients, sessions, notifiers } = await ended;
    expect(clients).toEqual([
      { kind: 'session', id: '2', peer: '10.0.0.1', fate: 'forced', reason: 'forced', toldAt: at, doing: busy },
      { kind: 'notifier', id: 'slow', session: '2', fate: 'evicted', reason: 'forced', toldAt: at },
      { kind: 'session', id: '3', fate: 'unfinished', reason: 'forced', toldAt: at },
    ]);
    expect([unnamedClients, sessions.forced, notifiers.evicted]).toEqual([undefined, 2, 1]);
    expect(of('drain.client').map(({ client }) => client)).toEqual(clients);
  });

  it('are named up to maxNamed, and then only counted', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    for (let count = 0; count < 5; count += 1) expectReserved(keeper.reserve()).open(fakeConnection());
    const ended = keeper.drain({ graceMs: 0, maxNamed: 2 });
    await clock.settle();
    const report = await ended;
    expect([report.clients.map(({ id }) => id), report.unnamedClients]).toEqual([['1', '2'], 3]);
    expect(of('drain.client')).toHaveLength(5);
  });

  it('are no events while nobody listens', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock });
    expectReserved(keeper.reserve()).open(fakeConnection());
    const ended = keeper.stop();
    await clock.settle();
    expect(await ended).toMatchObject({ clients: [{ kind: 'session', id: '1', fate: 'forced', reason: 'stopped' }] });
  });

  it.each<[string, unknown, ConnectionActivity | undefined]>([
    ['a path with a query', { what: 'GET /find?token=abc&q=1' }, { what: 'GET /find' }],
    ['a credential', { what: 'GET /auth Bearer abcdef123456' }, { what: 'GET /auth Bearer ***' }],
    ['a text of many lines', { what: 'GET /\r\nx' }, { what: 'GET / x' }],
    ['no text and no numbers', { what: 5, bytesWritten: -1, since: Number.NaN, closeCode: 1n }, {}],
    ['nothing', undefined, undefined],
    ['no object', 'busy', undefined],
  ])('say what a connection answers, made safe: %s', async (_, answer, said) => {
    const { report } = await drainOne(() => answer as ConnectionActivity);
    expect(report.clients[0]?.doing).toEqual(said);
  });

  it('say nothing of a connection that throws when it is asked, and close it all the same', async () => {
    const { report } = await drainOne(() => {
      throw new Error('a trap');
    });
    expect([report.clients[0]?.doing, report.clients[0]?.fate]).toEqual([undefined, 'forced']);
  });

  it('have at most 200 characters of what they were doing', async () => {
    const { report } = await drainOne(() => ({ what: `GET /${'a'.repeat(5_000)}` }));
    expect(report.clients[0]?.doing?.what).toHaveLength(200);
  });

  it('are nobody where everybody left in time, or before the drain', async () => {
    const { keeper, clock } = createTestSupervisor();
    const before = expectReserved(keeper.reserve()).open(fakeConnection());
    before.end('forced');
    keeper.notifier('gone', () => {}).close();
    await clock.settle();
    expect((await keeper.drain()).clients).toEqual([]);
  });
});
