import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { Notice, ReserveOptions, Supervisor, SupervisorOptions } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

const aged: SupervisorOptions = { maxConnectionAgeMs: 10_000, maxConnectionAgeJitter: 0, maxConnectionAgeGraceMs: 400 };

function join(keeper: Supervisor, options?: ReserveOptions) {
  const connection = fakeConnection();
  return { connection, session: expectReserved(keeper.reserve('a', options)).open(connection) };
}

describe('a connection of the maximum age', () => {
  it('is told to go once, leaves in its own time, and the supervisor goes on', async () => {
    const { keeper, clock, of } = createTestSupervisor(aged);
    keeper.start();
    const { connection, session } = join(keeper);
    await clock.advance(9_999);
    expect([session.state, connection.goaways]).toEqual(['open', []]);
    await clock.advance(1);
    const notice = { type: 'goaway', reason: 'max_age', graceMs: 400, at: clock.now() };
    expect([session.state, connection.goaways]).toEqual(['draining', [notice]]);
    expect(of('client.goaway')).toMatchObject([{ kind: 'session', id: session.id, notice }]);
    await clock.advance(399);
    session.end();
    expect(await session.closed).toBe('goaway');
    await clock.settle();
    expect(keeper.phase).toBe('running');
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
    expect([connection.closes, clock.pending]).toEqual([[], 0]);
  });

  it('is closed by force when its grace is over', async () => {
    const { keeper, clock, of } = createTestSupervisor(aged);
    const { connection, session } = join(keeper);
    await clock.advance(10_400);
    expect(await session.closed).toBe('forced');
    expect(connection.closes).toEqual(['forced']);
    await clock.settle();
    expect(of('actor.ended')).toMatchObject([{ kind: 'session', forced: true }]);
  });

  it('is told in one moment with every notifier of its client, and with those that come later', async () => {
    const { keeper, clock, of } = createTestSupervisor(aged);
    keeper.start();
    const { session } = join(keeper);
    const other = join(keeper, { maxConnectionAgeMs: 0 }).session;
    const told: Record<string, Notice['type'][]> = { gone: [], present: [], other: [], late: [] };
    const follow = (key: string, { id }: { readonly id: string }) =>
      keeper.notifier(key, ({ type }) => void told[key]?.push(type), { session: id });
    follow('gone', session).close();
    follow('present', session).close();
    follow('present', session);
    follow('other', other);
    await clock.advance(10_000);
    expect(of('client.goaway').map(({ kind, id }) => [kind, id])).toEqual([
      ['notifier', 'present'],
      ['session', session.id],
    ]);
    follow('late', session);
    await clock.settle();
    keeper.broadcast({ type: 'health', topic: 'api', health: 'unhealthy' });
    await clock.settle();
    expect(told).toEqual({
      gone: [],
      present: ['health', 'goaway'],
      other: ['health', 'health'],
      late: ['goaway'],
    });
    expect(other.state).toBe('open');
  });

  it('may be another for each reservation, and none at all', async () => {
    const { keeper, clock } = createTestSupervisor(aged);
    const sessions = [
      join(keeper, { maxConnectionAgeMs: 2_000, maxConnectionAgeGraceMs: 50 }),
      join(keeper),
      join(keeper, { maxConnectionAgeMs: 0 }),
    ];
    const graces = () => sessions.map(({ connection }) => connection.goaways[0]?.graceMs);
    await clock.advance(2_000);
    expect(graces()).toEqual([50, undefined, undefined]);
    await clock.advance(90_000);
    expect(graces()).toEqual([50, 400, undefined]);
  });

  it.each([
    { draw: 0, at: 7_500 },
    { draw: 0.5, at: 10_000 },
    { draw: 1, at: 12_500 },
  ])('is drawn within its jitter: $draw makes $at ms of 10 s', async ({ draw, at }) => {
    const { keeper, clock } = createTestSupervisor({ ...aged, maxConnectionAgeJitter: 0.25, random: () => draw });
    const { session } = join(keeper);
    await clock.advance(at - 1);
    expect(session.state).toBe('open');
    await clock.advance(1);
    expect(session.state).toBe('draining');
  });

  it('is not told again by a drain, which waits for it no longer than for others (INV-25)', async () => {
    const { keeper, clock, of } = createTestSupervisor({ ...aged, maxConnectionAgeGraceMs: 60_000 });
    keeper.start();
    const told: Notice[] = [];
    const { connection, session } = join(keeper);
    keeper.notifier('a', (notice) => void told.push(notice), { session: session.id });
    await clock.advance(10_000);
    const drained = keeper.drain({ graceMs: 1_000 });
    await clock.advance(1_000);
    expect(await drained).toMatchObject({ sessions: { total: 1, early: 0, forced: 1 }, durationMs: 1_000 });
    expect([connection.goaways.length, told.map(({ type }) => type)]).toEqual([1, ['health', 'goaway']]);
    expect(of('client.goaway').length).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('is left to a drain that has begun, which tells all at once', async () => {
    const { keeper, clock } = createTestSupervisor(aged);
    keeper.start();
    const { connection } = join(keeper);
    void keeper.drain({ noticeMs: 20_000, graceMs: 1_000, deadlineMs: 30_000 });
    await clock.advance(19_999);
    expect(connection.goaways).toEqual([]);
    await clock.advance(1);
    expect(connection.goaways).toMatchObject([{ reason: 'draining' }]);
  });

  it('has a rule for each of its options, in a supervisor and in a reservation', () => {
    const { keeper } = createTestSupervisor();
    expect(() => createTestSupervisor({ maxConnectionAgeMs: -1 })).toThrow('`supervisor.maxConnectionAgeMs`');
    expect(() => createTestSupervisor({ maxConnectionAgeJitter: 2 })).toThrow('`supervisor.maxConnectionAgeJitter`');
    expect(() => createTestSupervisor({ maxConnectionAgeGraceMs: 0 })).toThrow('`supervisor.maxConnectionAgeGraceMs`');
    expect(() => keeper.reserve('a', { maxConnectionAgeMs: Number.NaN })).toThrow('`reserve.maxConnectionAgeMs`');
    expect(keeper.stats().sessions.taken).toBe(0);
  });
});
