import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { keep, slot } from '../watch.ts';

describe('what the relay was tested for', () => {
  it('StartStopNoSessions: a stop of nobody ends at once', async () => {
    const { keeper, clock } = keep();
    keeper.start();
    const ended = keeper.stop();
    await clock.settle();
    expect([await ended, keeper.phase]).toMatchObject([{ sessions: { total: 0 }, durationMs: 0 }, 'stopped']);
  });

  it('AcceptsSession: after a drain its session is closed', async () => {
    const { keeper, clock } = keep();
    const session = slot(keeper.reserve()).open(fakeConnection());
    void keeper.drain({ graceMs: 100 });
    await clock.advance(100);
    expect([session.state, keeper.phase]).toEqual(['closed', 'stopped']);
  });

  it('StopBroadcastsGoaway: each peer is told the grace, and no other place unless there is one (INV-25)', async () => {
    const { keeper, clock } = keep();
    const connections = [fakeConnection(), fakeConnection()];
    for (const connection of connections) slot(keeper.reserve()).open(connection);
    void keeper.drain({ graceMs: 250 });
    await clock.settle();
    for (const { goaways } of connections) {
      expect(goaways).toMatchObject([{ graceMs: 250 }]);
      expect(goaways[0]).not.toHaveProperty('uri');
    }
  });

  it('StopIsIdempotent: sixteen callers at once get one report (INV-18, INV-34)', async () => {
    const { keeper, clock } = keep();
    slot(keeper.reserve()).open(fakeConnection());
    const all = Array.from({ length: 16 }, () => keeper.stop());
    await clock.settle();
    expect(new Set(await Promise.all(all)).size).toBe(1);
  });

  it('InboundGoawayLeavesSessionOpen: a peer that says it goes is not closed by us (INV-36)', async () => {
    const { keeper, clock } = keep();
    const connection = fakeConnection();
    const session = slot(keeper.reserve()).open(connection);
    session.peerGoaway();
    await clock.advance(3_600_000);
    expect([session.state, session.peerLeaving, connection.closes]).toEqual(['open', true, []]);
    session.end();
    expect([await session.closed, keeper.stats().sessions.taken]).toEqual(['peer', 0]);
  });

  it('SessionCleanup: after its end nothing refers to a session (INV-39)', async () => {
    const { keeper, clock } = keep();
    const session = slot(keeper.reserve('peer')).open(fakeConnection());
    session.end('failed');
    await clock.settle();
    expect([keeper.stats().sessions, [...keeper.actors()].length, clock.pending]).toEqual([
      { open: 0, taken: 0 },
      1,
      0,
    ]);
  });
});
