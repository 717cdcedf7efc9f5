import { fakeConnection, inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { drainPhases, NotAdmittingError, type Session } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('a drain', () => {
  it('of nothing ends at once, and so does everybody who waits for it', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const ended = keeper.drain();
    await clock.settle();
    expect(await ended).toEqual({
      sessions: { total: 0, early: 0, forced: 0, stragglers: 0 },
      reasons: {},
      notifiers: { told: 0, evicted: 0 },
      services: { total: 0, stopped: 0, forced: 0, failed: 0 },
      durationMs: 0,
      reason: 'drained',
      unfinished: [],
      clients: [],
    });
    expect([keeper.phase, keeper.health, clock.pending]).toEqual(['stopped', 'stopped', 0]);
  });

  it('gives every caller the same report, of stop too (INV-34)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const first = keeper.drain();
    const second = keeper.drain({ graceMs: 1 });
    await clock.settle();
    const report = await first;
    expect(await second).toBe(report);
    expect(await keeper.drain()).toBe(report);
    expect(await keeper.stop()).toBe(report);
  });

  it('goes through its phases in order, each an event (INV-27)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.notifier('slow', inbox('hold').deliver);
    const ended = keeper.drain({ noticeMs: 1_000, graceMs: 2_000 });
    await clock.advance(3_000);
    await ended;
    const phases = of('drain.entered');
    // Only where there are services do they have phases.
    const expected = drainPhases.filter((phase) => phase !== 'quiesce' && phase !== 'services');
    expect(phases.map(({ phase }) => phase)).toEqual(expected);
    const start = phases[0]?.at ?? 0;
    expect(phases.map(({ at }) => at - start)).toEqual([0, 0, 0, 1_000, 1_000, 3_000, 3_000]);
  });

  it('fails readiness first and stays live to the end', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    expectReserved(keeper.reserve()).open(fakeConnection());
    expect(keeper.planes).toEqual({ started: true, ready: true, live: true });
    void keeper.drain({ noticeMs: 1_000, graceMs: 1_000 });
    expect(keeper.planes).toEqual({ started: true, ready: false, live: true });
    await clock.advance(2_000);
    expect(keeper.planes).toEqual({ started: true, ready: false, live: false });
  });

  it('refuses newcomers from its first moment on (INV-19)', () => {
    const { keeper } = createTestSupervisor();
    void keeper.drain({ noticeMs: 1_000 });
    expect(keeper.reserve()).toEqual({ reserved: false, reason: 'draining', retryAfterMs: 1_000 });
    expect(() => keeper.monitor('late', scriptedProbe('+'))).toThrow(NotAdmittingError);
  });

  it('is over early when all leave early (INV-29, StopReturnsEarlyOnCleanDrain)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const session: Session = expectReserved(keeper.reserve()).open(fakeConnection({ onGoaway: () => session.end() }));
    const ended = keeper.drain({ graceMs: 5_000 });
    await clock.settle();
    expect(await ended).toMatchObject({
      durationMs: 0,
      sessions: { total: 1, early: 1, forced: 0 },
      reason: 'drained',
    });
    expect(await session.closed).toBe('goaway');
  });

  it('closes one that does not leave after the grace, not before (INV-30, StopForceClosesOnTimeout)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    const ended = keeper.drain({ graceMs: 200, uri: 'https://b.example' });
    await clock.advance(199);
    expect(connection).toMatchObject({
      closes: [],
      goaways: [{ reason: 'draining', graceMs: 200, uri: 'https://b.example' }],
    });
    await clock.advance(1);
    expect(await ended).toMatchObject({
      durationMs: 200,
      sessions: { total: 1, early: 0, forced: 1 },
      reason: 'drained',
    });
    expect([connection.closes, await session.closed, clock.pending]).toEqual([['forced'], 'forced', 0]);
  });

  it('with no grace tells nobody and closes at once (INV-32)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection();
    const client = inbox();
    expectReserved(keeper.reserve()).open(connection);
    const notifier = keeper.notifier('a', client.deliver);
    await clock.settle();
    const ended = keeper.drain({ graceMs: 0 });
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 0, sessions: { forced: 1 }, notifiers: { told: 0, evicted: 1 } });
    expect([connection.goaways, connection.closes, await notifier.closed]).toEqual([[], ['forced'], 'forced']);
    expect(client.said).not.toContain('goaway');
  });

  it('tells a session that opens its slot late at once, with what is left of the grace (INV-25, addSessionDrainsStraggler)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const early = expectReserved(keeper.reserve());
    const late = expectReserved(keeper.reserve());
    const waiting = fakeConnection();
    expectReserved(keeper.reserve()).open(fakeConnection());
    const ended = keeper.drain({ noticeMs: 100, graceMs: 1_000 });
    await clock.advance(50);
    early.open(waiting);
    await clock.settle();
    expect(waiting.goaways).toHaveLength(0);
    await clock.advance(350);
    expect(waiting.goaways).toMatchObject([{ graceMs: 1_000 }]);
    const straggler = fakeConnection();
    late.open(straggler);
    await clock.settle();
    expect(straggler.goaways).toMatchObject([{ graceMs: 700 }]);
    await clock.advance(700);
    expect(await ended).toMatchObject({
      durationMs: 1_100,
      sessions: { total: 3, early: 0, forced: 3, stragglers: 2 },
      reason: 'drained',
    });
    for (const { goaways, closes } of [waiting, straggler]) expect([goaways.length, closes]).toEqual([1, ['forced']]);
  });

  it('closes at once a session that opens its slot when the grace is over', async () => {
    const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 500 });
    const late = expectReserved(keeper.reserve());
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.drain({ graceMs: 1_000, deadlineMs: 1_000 });
    await clock.advance(1_200);
    const straggler = fakeConnection();
    late.open(straggler);
    await clock.settle();
    expect([straggler.goaways, straggler.closes]).toEqual([[], ['forced']]);
    await clock.advance(300);
    expect(await ended).toMatchObject({ durationMs: 1_500, sessions: { total: 2, forced: 2, stragglers: 1 } });
  });

  it('tells a client that comes late only to go (INV-8)', async () => {
    const { keeper, clock } = createTestSupervisor();
    expectReserved(keeper.reserve()).open(fakeConnection());
    void keeper.drain({ graceMs: 1_000 });
    await clock.settle();
    const client = inbox();
    const notifier = keeper.notifier('late', client.deliver);
    expect(await notifier.closed).toBe('goaway');
    expect(client.said).toEqual(['goaway']);
  });

  it('counts as told who was told, and as evicted who was not', async () => {
    const { keeper, clock } = createTestSupervisor();
    expectReserved(keeper.reserve()).open(fakeConnection());
    const slow = inbox('hold');
    keeper.notifier('good', inbox().deliver);
    keeper.notifier('slow', slow.deliver);
    await clock.settle();
    const ended = keeper.drain({ graceMs: 1_000 });
    await clock.advance(1_000);
    expect(await ended).toMatchObject({ notifiers: { told: 1, evicted: 1 }, sessions: { forced: 1 } });
  });

  it('is cut short by its deadline (INV-28)', async () => {
    const { keeper, clock } = createTestSupervisor({
      withdraw: () => new Promise(() => {}),
      withdrawTimeoutMs: 60_000,
    });
    expectReserved(keeper.reserve()).open(fakeConnection());
    const ended = keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    await clock.advance(3_000);
    expect(await ended).toMatchObject({ durationMs: 3_000, reason: 'deadline', unfinished: ['withdraw'] });
  });

  it('is cut short by its caller (INV-31)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection();
    expectReserved(keeper.reserve()).open(connection);
    const caller = new AbortController();
    const ended = keeper.drain({ graceMs: 5_000, signal: caller.signal });
    await clock.advance(1_000);
    caller.abort();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 1_000, reason: 'aborted', sessions: { forced: 1 } });
  });

  it('names a connection that did not close in time (INV-79)', async () => {
    const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 300 });
    const session = expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.drain({ graceMs: 100 });
    await clock.advance(400);
    expect(await ended).toMatchObject({ durationMs: 400, unfinished: [`session ${session.id}`] });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('registry gone')), [], 1],
    ['hangs', () => new Promise<void>(() => {}), ['withdraw'], 0],
  ])(
    'goes on when withdrawing %s (INV-35, StopWithdrawFailureIsNotFatal)',
    async (_, withdraw, unfinished, failures) => {
      const { keeper, clock, of } = createTestSupervisor({ withdraw, withdrawTimeoutMs: 500 });
      const connection = fakeConnection();
      expectReserved(keeper.reserve()).open(connection);
      const ended = keeper.drain({ graceMs: 1_000 });
      await clock.advance(1_500);
      expect(await ended).toMatchObject({ unfinished, reason: 'drained' });
      expect([connection.goaways.length, of('withdraw.failed').length]).toEqual([1, failures]);
    },
  );

  it('withdraws once, before anybody is told (StopWithdrawsFromDiscoveryBeforeGoaway)', async () => {
    const order: string[] = [];
    let release = () => {};
    const { keeper, clock } = createTestSupervisor({
      withdraw: () =>
        new Promise((resolve) => {
          order.push('withdraw');
          release = resolve;
        }),
    });
    expectReserved(keeper.reserve()).open(fakeConnection({ onGoaway: () => order.push('goaway') }));
    void keeper.drain({ graceMs: 10 });
    void keeper.drain();
    await clock.advance(100);
    expect(order).toEqual(['withdraw']);
    release();
    await clock.settle();
    expect(order).toEqual(['withdraw', 'goaway']);
  });
});
