import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { Session } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

const whileDraining = { whileDraining: true } as const;

describe('a slot for a client that cannot be told to stay away', () => {
  it('is one like all others while no drain goes on', () => {
    const { keeper } = createTestSupervisor({ maxSessions: 1 });
    expectReserved(keeper.reserve('a', whileDraining));
    expect(keeper.reserve('b', whileDraining)).toMatchObject({ reason: 'capacity' });
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 1 });
  });

  it('is given in the notice whatever the limits, and to nobody else (INV-19)', () => {
    const { keeper } = createTestSupervisor({ maxSessions: 1, maxSessionsPerPeer: 1, maxSessionsPerTopic: 1 });
    expectReserved(keeper.reserve('a')).open(fakeConnection());
    void keeper.drain({ noticeMs: 1_000 });
    expect(keeper.reserve('a')).toMatchObject({ reserved: false, reason: 'draining' });
    const late = expectReserved(keeper.reserve('a', { ...whileDraining, topics: ['api'] }));
    expectReserved(keeper.reserve('a', { ...whileDraining, topics: ['api'] })).release();
    expect(late.open(fakeConnection()).state).toBe('open');
    expect(keeper.stats().sessions).toEqual({ open: 2, taken: 2 });
  });

  it('is open until all are told to go, told with them, waited for, and counted as a straggler (INV-25, INV-29)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const ended = keeper.drain({ noticeMs: 600, graceMs: 5_000 });
    await clock.advance(300);
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve('a', whileDraining)).open(connection);
    await clock.advance(299);
    expect([session.state, session.takesWork, connection.goaways]).toEqual(['open', true, []]);
    await clock.advance(1);
    expect(connection.goaways).toMatchObject([{ reason: 'draining', graceMs: 5_000 }]);
    expect(of('client.goaway')).toMatchObject([{ kind: 'session', id: session.id }]);
    await clock.advance(1_200);
    session.end();
    await clock.settle();
    expect(await ended).toMatchObject({
      sessions: { total: 1, early: 1, forced: 0, stragglers: 1 },
      reason: 'drained',
      durationMs: 1_800,
    });
    expect([connection.closes, keeper.stats().sessions.taken, clock.pending]).toEqual([[], 0, 0]);
  });

  it('is forced when its grace is over', async () => {
    const { keeper, clock } = createTestSupervisor();
    const ended = keeper.drain({ noticeMs: 100, graceMs: 200 });
    const connection = fakeConnection();
    expectReserved(keeper.reserve('a', whileDraining)).open(connection);
    await clock.advance(300);
    expect(await ended).toMatchObject({ sessions: { total: 1, forced: 1, stragglers: 1 }, durationMs: 300 });
    expect(connection.closes).toEqual(['forced']);
  });

  it('is born draining once the others were told to go, with what is left of the grace', async () => {
    const { keeper, clock } = createTestSupervisor();
    expectReserved(keeper.reserve()).open(fakeConnection());
    const ended = keeper.drain({ graceMs: 1_000 });
    await clock.advance(400);
    const connection = fakeConnection();
    const session: Session = expectReserved(keeper.reserve('a', whileDraining)).open(connection);
    expect(session.state).toBe('draining');
    await clock.settle();
    expect(connection.goaways).toMatchObject([{ graceMs: 600 }]);
    await clock.advance(600);
    expect(await ended).toMatchObject({ sessions: { total: 2, forced: 2, stragglers: 1 }, durationMs: 1_000 });
  });

  it('is refused after the end', async () => {
    const { keeper, clock } = createTestSupervisor();
    void keeper.drain();
    await clock.settle();
    expect(keeper.reserve('a', whileDraining)).toMatchObject({ reserved: false, reason: 'draining' });
    expect(keeper.stats().sessions.taken).toBe(0);
  });
});

describe('topics of a reservation', () => {
  it('are limited each by itself, until the slot is given back', async () => {
    const { keeper, clock } = createTestSupervisor({ maxSessionsPerTopic: 2 });
    const first = expectReserved(keeper.reserve('a', { topics: ['api', 'db', 'api'] }));
    const session = expectReserved(keeper.reserve('b', { topics: ['api'] })).open(fakeConnection());
    expect(keeper.reserve('c', { topics: ['db', 'api'] })).toMatchObject({ reserved: false, reason: 'capacity' });
    expect(keeper.reserve('c', { topics: ['db'] }).reserved).toBe(true);
    expect(keeper.reserve('d').reserved).toBe(true);
    session.end();
    await clock.settle();
    expect(keeper.reserve('e', { topics: ['api'] }).reserved).toBe(true);
    expect(keeper.reserve('f', { topics: ['api'] }).reserved).toBe(false);
    first.release();
    expect(keeper.reserve('f', { topics: ['api'] }).reserved).toBe(true);
  });

  it('are those of the call, whatever becomes of its array', () => {
    const { keeper } = createTestSupervisor({ maxSessionsPerTopic: 1 });
    const topics = ['api'];
    const taken = expectReserved(keeper.reserve('a', { topics }));
    topics[0] = 'db';
    taken.release();
    expect(keeper.reserve('b', { topics: ['api'] }).reserved).toBe(true);
  });

  it('are replaced by those that its client asks for later, and keep their count when there is no room for one', async () => {
    const { keeper, clock, of } = createTestSupervisor({ maxSessionsPerTopic: 1, retryAfterMs: 3_000 });
    const first = expectReserved(keeper.reserve('a')).open(fakeConnection());
    const second = expectReserved(keeper.reserve('b', { topics: ['db'] })).open(fakeConnection());
    expect(first.follow(['api', 'api'])).toBeUndefined();
    expect(second.follow(['db', 'api'])).toEqual({ reserved: false, reason: 'capacity', retryAfterMs: 3_000 });
    await clock.settle();
    expect(of('admission.refused')).toMatchObject([{ reason: 'capacity', peer: 'b', retryAfterMs: 3_000 }]);
    expect(keeper.reserve('c', { topics: ['db'] }).reserved).toBe(false);
    expect(first.follow(['api', 'queue'])).toBeUndefined();
    expect(first.follow([])).toBeUndefined();
    expect(second.follow(['queue', 'api'])).toBeUndefined();
    expect(keeper.reserve('d', { topics: ['db'] }).reserved).toBe(true);
    second.end();
    await clock.settle();
    expect(second.follow(['late'])).toBeUndefined();
    expect(keeper.reserve('e', { topics: ['api'] }).reserved).toBe(true);
    expect(keeper.reserve('f', { topics: ['late'] }).reserved).toBe(true);
    expect(() => first.follow('api' as never)).toThrow('`session.follow.topics`');
  });

  it('must be strings, and options no others than there are', () => {
    const { keeper } = createTestSupervisor();
    expect(() => keeper.reserve('a', { topics: 'api' as never })).toThrow('`reserve.topics`');
    expect(() => keeper.reserve('a', { whileDraining: 1 as never })).toThrow('`reserve.whileDraining`');
    expect(() => keeper.reserve('a', { draining: true } as never)).toThrow('`reserve.draining`');
  });
});

describe('a part of a connection', () => {
  it('has a session of its own and no slot, and no limit holds for it', async () => {
    const { keeper, clock } = createTestSupervisor({ maxSessions: 1, maxSessionsPerPeer: 1, maxSessionsPerTopic: 1 });
    keeper.start();
    const whole = expectReserved(keeper.reserve('a', { topics: ['api'] })).open(fakeConnection());
    const connection = fakeConnection();
    const part = expectReserved(keeper.reserve('a', { topics: ['api'], below: whole.id })).open(connection);
    expect(part.follow(['api', 'db'])).toBeUndefined();
    expect(keeper.stats().sessions).toEqual({ open: 2, taken: 1 });
    part.end();
    await clock.settle();
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
    const last = expectReserved(keeper.reserve('a', { below: whole.id }));
    last.release();
    expect(keeper.stats().sessions.taken).toBe(1);
    expect(keeper.reserve('b', { below: 'nobody' })).toMatchObject({ reserved: false, reason: 'capacity' });
  });

  it('is told by a drain, waited for and reported like any other', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const whole = expectReserved(keeper.reserve()).open(fakeConnection());
    const connection = fakeConnection();
    expectReserved(keeper.reserve(undefined, { below: whole.id })).open(connection);
    const drained = keeper.drain({ graceMs: 1_000 });
    await clock.advance(500);
    whole.end();
    await clock.advance(500);
    expect([connection.goaways.length, connection.closes]).toEqual([1, ['forced']]);
    expect((await drained).sessions).toMatchObject({ total: 2, early: 1, forced: 1 });
    expect(keeper.reserve(undefined, { below: whole.id })).toMatchObject({ reason: 'draining' });
  });
});
