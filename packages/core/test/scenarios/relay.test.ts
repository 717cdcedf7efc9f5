import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type DrainReport, InvalidOptionError, type Session } from '../../src/index.ts';
import { createTestSupervisor, expectReserved } from '../support/testSupervisor.ts';

describe('what the relay was tested for', () => {
  it('StartStopNoSessions: a stop of nobody ends at once', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const ended = keeper.stop();
    await clock.settle();
    expect([await ended, keeper.phase]).toMatchObject([{ sessions: { total: 0 }, durationMs: 0 }, 'stopped']);
  });

  it('AcceptsSession: after a drain its session is closed', async () => {
    const { keeper, clock } = createTestSupervisor();
    const session = expectReserved(keeper.reserve()).open(fakeConnection());
    void keeper.drain({ graceMs: 100 });
    await clock.advance(100);
    expect([session.state, keeper.phase]).toEqual(['closed', 'stopped']);
  });

  it('StopBroadcastsGoaway: each peer is told the grace, and no other place unless there is one (INV-25)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connections = [fakeConnection(), fakeConnection()];
    for (const connection of connections) expectReserved(keeper.reserve()).open(connection);
    void keeper.drain({ graceMs: 250 });
    await clock.settle();
    for (const { goaways } of connections) {
      expect(goaways).toMatchObject([{ graceMs: 250 }]);
      expect(goaways[0]).not.toHaveProperty('uri');
    }
  });

  it('StopIsIdempotent: sixteen callers at once get one report (INV-18, INV-34)', async () => {
    const { keeper, clock } = createTestSupervisor();
    expectReserved(keeper.reserve()).open(fakeConnection());
    const all = Array.from({ length: 16 }, () => keeper.stop());
    await clock.settle();
    expect(new Set(await Promise.all(all)).size).toBe(1);
  });

  it('InboundGoawayLeavesSessionOpen: a peer that says it goes is not closed by us (INV-36)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    session.peerGoaway();
    await clock.advance(3_600_000);
    expect([session.state, session.peerLeaving, connection.closes]).toEqual(['open', true, []]);
    session.end();
    expect([await session.closed, keeper.stats().sessions.taken]).toEqual(['peer', 0]);
  });

  it('SessionCleanup: after its end nothing refers to a session (INV-39)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const session = expectReserved(keeper.reserve('peer')).open(fakeConnection());
    session.end('failed');
    await clock.settle();
    expect([keeper.stats().sessions, [...keeper.actors()].length, clock.pending]).toEqual([
      { open: 0, taken: 0 },
      1,
      0,
    ]);
  });

  it('InboundGoawayCleanDrainExitsEarly: a peer that goes as it said is over at once, grace or not', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    session.peerGoaway();
    const report = keeper.drain({ graceMs: 5_000 });
    await clock.advance(100);
    session.end();
    await clock.settle();
    expect(await report).toMatchObject({ durationMs: 100, sessions: { early: 1, forced: 0 } });
    expect(connection.closes).toEqual([]);
  });

  it('NoUpstreamSubscribeGoingAway, NoFetchGoingAway, NoForwardedPublishGoingAway: a peer that goes shows it before any work is sent (INV-36, INV-37)', async () => {
    const { keeper } = createTestSupervisor();
    const sessions = [1, 2].map(() => expectReserved(keeper.reserve()).open(fakeConnection()));
    sessions[0]?.peerGoaway();
    const open = sessions.filter(({ state, peerLeaving }) => state === 'open' && !peerLeaving);
    expect(open.map(({ id }) => id)).toEqual(['2']);
  });

  it('NoRequestsToPeerSentGoaway: who was told to go is no longer open for work (INV-37)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const told: string[] = [];
    const session: Session = expectReserved(keeper.reserve()).open(
      fakeConnection({ onGoaway: () => told.push(session.state) }),
    );
    void keeper.drain({ graceMs: 1_000 });
    await clock.settle();
    expect([told, session.state]).toEqual([['draining'], 'draining']);
  });

  it('RunGoawaysOnShutdownSignal: an abort that stands for a signal drains and does not cut short', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection();
    expectReserved(keeper.reserve()).open(connection);
    const shutdown = new AbortController();
    const run = new Promise<DrainReport>((resolve) => {
      shutdown.signal.addEventListener('abort', () => resolve(keeper.drain({ graceMs: 250 })));
    });
    shutdown.abort();
    await clock.settle();
    expect([connection.goaways.length, connection.closes.length]).toEqual([1, 0]);
    await clock.advance(250);
    expect(await run).toMatchObject({ durationMs: 250, sessions: { forced: 1 } });
  });

  it('NewPanicsWithoutListener: a session without a connection is refused by name, and keeps the slot', () => {
    const { keeper } = createTestSupervisor();
    const reserved = expectReserved(keeper.reserve());
    expect(() => reserved.open(undefined as never)).toThrow(InvalidOptionError);
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 1 });
  });

  it('one bad session, however bad, ends no admission (INV-38)', async () => {
    const { keeper, clock, of } = createTestSupervisor({ maxSessions: 1 });
    const broken = () => {
      throw new Error('half a handshake');
    };
    for (let turn = 0; turn < 3; turn++) {
      const session = expectReserved(keeper.reserve()).open({ goaway: broken, close: broken });
      session.end('failed');
      await clock.settle();
      expect(await session.closed).toBe('failed');
    }
    const good = expectReserved(keeper.reserve()).open(fakeConnection());
    await clock.settle();
    expect([good.state, of('close.failed').length, of('actor.failed')]).toEqual(['open', 3, []]);
  });
});
