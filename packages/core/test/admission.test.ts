import { fakeConnection } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, NotAdmittingError, ReservationSpentError } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('admission', () => {
  it('gives no more slots than there are, and a refusal takes none (INV-14, INV-17)', () => {
    const { keeper } = createTestSupervisor({ maxSessions: 2, retryAfterMs: 700 });
    expectReserved(keeper.reserve());
    const second = expectReserved(keeper.reserve());
    expect(keeper.reserve('late')).toEqual({ reserved: false, reason: 'capacity', retryAfterMs: 700 });
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 2 });
    second.release();
    expect(keeper.reserve().reserved).toBe(true);
  });

  it('counts every refusal and publishes it (INV-77)', async () => {
    const { keeper, clock, of } = createTestSupervisor({ maxSessions: 1 });
    expectReserved(keeper.reserve());
    keeper.reserve('10.0.0.7');
    await clock.settle();
    expect(of('admission.refused')).toMatchObject([{ reason: 'capacity', peer: '10.0.0.7', retryAfterMs: 1_000 }]);
    expect(keeper.stats().lost.refused).toBe(1);
  });

  it('has no limit at 0, and counts all the same (INV-16)', () => {
    const { keeper } = createTestSupervisor();
    for (let peer = 0; peer < 10; peer++) expectReserved(keeper.reserve(`p${peer}`)).open(fakeConnection());
    expect(keeper.stats().sessions).toEqual({ open: 10, taken: 10 });
  });

  it('limits each peer by itself', () => {
    const { keeper } = createTestSupervisor({ maxSessionsPerPeer: 1 });
    const first = expectReserved(keeper.reserve('a'));
    expect(keeper.reserve('a')).toMatchObject({ reason: 'capacity' });
    expect(keeper.reserve('b').reserved).toBe(true);
    expect(keeper.reserve().reserved).toBe(true);
    first.release();
    expect(keeper.reserve('a').reserved).toBe(true);
  });

  it('gives a slot back exactly once, on whichever path (INV-15)', async () => {
    const { keeper, clock } = createTestSupervisor({ maxSessions: 8, closeTimeoutMs: 500 });
    const released = expectReserved(keeper.reserve());
    released.release();
    released.release();
    const left = expectReserved(keeper.reserve()).open(fakeConnection());
    left.end();
    left.end();
    expectReserved(keeper.reserve()).open(fakeConnection()).end('stalled');
    expectReserved(keeper.reserve())
      .open(fakeConnection({ closing: 'fail' }))
      .end('failed');
    expectReserved(keeper.reserve())
      .open(fakeConnection({ closing: 'hang' }))
      .end('stalled');
    await clock.settle();
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
    await clock.advance(500);
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
    expect(clock.pending).toBe(0);
  });

  it('opens a slot once, and not after its release', () => {
    const { keeper } = createTestSupervisor();
    const opened = expectReserved(keeper.reserve());
    opened.open(fakeConnection());
    opened.release();
    expect(() => opened.open(fakeConnection())).toThrow(ReservationSpentError);
    const released = expectReserved(keeper.reserve());
    released.release();
    expect(() => released.open(fakeConnection())).toThrow(ReservationSpentError);
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
  });

  it('keeps the slot when it is opened with something that is no connection', () => {
    const { keeper } = createTestSupervisor();
    const reserved = expectReserved(keeper.reserve());
    expect(() => reserved.open({ close() {} } as never)).toThrow(InvalidOptionError);
    expect(reserved.open(fakeConnection()).state).toBe('open');
  });
});

describe('admission by load', () => {
  it('refuses as admit says, and a refusal takes no slot (INV-14, INV-77)', async () => {
    const asked: unknown[] = [];
    const admit = (peer?: string) => {
      asked.push(peer);
      return peer === 'late' ? { retryAfterMs: 250 } : undefined;
    };
    const { keeper, clock, of } = createTestSupervisor({ maxSessionsPerPeer: 1, admit });
    expect(keeper.reserve('late')).toEqual({ reserved: false, reason: 'overload', retryAfterMs: 250 });
    expect(keeper.stats().sessions.taken).toBe(0);
    // A slot of `late` that leaked would now be one too many.
    expect(keeper.reserve('late')).toMatchObject({ reason: 'overload' });
    expect(keeper.reserve().reserved).toBe(true);
    await clock.settle();
    expect(of('admission.refused')).toMatchObject([
      { reason: 'overload', peer: 'late', retryAfterMs: 250 },
      { reason: 'overload' },
    ]);
    expect([asked, keeper.stats().lost.refused]).toEqual([['late', 'late', undefined], 2]);
  });

  it('is asked only of clients that would get a slot, and not in a drain', async () => {
    let asked = 0;
    const { keeper } = createTestSupervisor({
      maxSessions: 1,
      admit: () => {
        asked += 1;
        return undefined;
      },
    });
    keeper.start();
    expectReserved(keeper.reserve());
    expect(keeper.reserve()).toMatchObject({ reason: 'capacity' });
    void keeper.drain();
    expect(keeper.reserve()).toMatchObject({ reason: 'draining' });
    expect(keeper.reserve('sent', { whileDraining: true }).reserved).toBe(true);
    expect(asked).toBe(1);
    await keeper.stop();
  });

  it.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('?')],
    ['answers null', () => null],
    ['answers false', () => false],
    ['gives no time', () => ({})],
    ['gives a time of 0', () => ({ retryAfterMs: 0 })],
    ['gives a time that is no number', () => ({ retryAfterMs: Number.NaN })],
    ['answers with a promise', async () => undefined],
    ['answers with a promise that fails', () => Promise.reject(new Error('later'))],
    [
      'answers with a time that throws',
      () => ({
        get retryAfterMs() {
          throw new Error('no time');
        },
      }),
    ],
  ])('that %s is an event, is counted, and admits (INV-77)', async (_, admit) => {
    const { keeper, clock, of } = createTestSupervisor({ admit: admit as () => undefined });
    expect(keeper.reserve('a').reserved).toBe(true);
    await clock.settle();
    expect(of('admit.failed')).toMatchObject([{ cause: expect.any(Error) }]);
    expect(keeper.stats()).toMatchObject({ sessions: { taken: 1 }, lost: { admitsFailed: 1, refused: 0 } });
  });

  it('holds the limits although admit itself reserves', async () => {
    const { keeper, clock, of } = createTestSupervisor({
      maxSessions: 3,
      admit: () => {
        keeper.reserve();
        return undefined;
      },
    });
    expect(keeper.reserve().reserved).toBe(true);
    expect(keeper.stats().sessions.taken).toBe(3);
    await clock.settle();
    expect([of('admit.failed'), of('admission.refused').length]).toEqual([[], 1]);
  });

  it('is by a function', () => {
    expect(() => createTestSupervisor({ admit: true as never })).toThrow('`supervisor.admit`');
  });
});

describe('a session', () => {
  it('ends when its peer does, without being closed again', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    session.end();
    await clock.settle();
    expect([session.state, await session.closed, connection.closes]).toEqual(['closed', 'peer', []]);
    expect(of('actor.ended')).toMatchObject([{ kind: 'session', reason: 'peer' }]);
  });

  it('stays open when the peer says that it is going, and shows it (INV-36)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const session = expectReserved(keeper.reserve()).open(fakeConnection());
    session.peerGoaway();
    await clock.advance(3_600_000);
    expect([session.state, session.peerLeaving]).toEqual(['open', true]);
  });

  it.each([0, 150])(
    'is closed %i ms after its peer said that it goes, where that is asked for (InboundGoawayClosesAfterTimeout)',
    async (timeoutMs) => {
      const { keeper, clock, of } = createTestSupervisor({ onPeerGoaway: 'close' });
      const connection = fakeConnection();
      const session = expectReserved(keeper.reserve()).open(connection);
      expect(session.takesWork).toBe(true);
      session.peerGoaway(timeoutMs);
      session.peerGoaway(timeoutMs + 1_000);
      expect(session.takesWork).toBe(false);
      await clock.advance(Math.max(0, timeoutMs - 1));
      expect(session.state).toBe('open');
      await clock.advance(1);
      expect([connection.closes, await session.closed, clock.pending]).toEqual([['peer'], 'peer', 0]);
      expect(of('peer.leaving')).toMatchObject([{ id: session.id, timeoutMs }]);
      expect(of('actor.ended')).toMatchObject([{ reason: 'peer', forced: false }]);
    },
  );

  it('is waited for no longer when its peer ends it before (InboundGoawayCleanDrainExitsEarly, INV-36)', async () => {
    const { keeper, clock } = createTestSupervisor({ onPeerGoaway: 'close' });
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    session.peerGoaway(5_000);
    await clock.advance(100);
    session.end();
    await clock.settle();
    expect([connection.closes, await session.closed, clock.pending]).toEqual([[], 'peer', 0]);
    expect(() => session.peerGoaway(-1)).toThrow('`session.peerGoaway.timeoutMs`');
  });

  it('may be overdue in the midst of our own drain: it is closed once, and not by force', async () => {
    const { keeper, clock } = createTestSupervisor({ onPeerGoaway: 'close' });
    const connection = fakeConnection();
    const session = expectReserved(keeper.reserve()).open(connection);
    session.peerGoaway(300);
    const ended = keeper.drain({ graceMs: 1_000 });
    await clock.settle();
    expect([session.state, session.takesWork, connection.goaways.length]).toEqual(['draining', false, 1]);
    await clock.advance(300);
    expect(await ended).toMatchObject({ sessions: { early: 1, forced: 0 }, reasons: { goaway: 1 }, durationMs: 300 });
    expect(connection.closes).toEqual(['goaway']);
  });

  it('never closes its connection twice', async () => {
    const { keeper, clock } = createTestSupervisor();
    const connection = fakeConnection({ closing: 'hang' });
    const session = expectReserved(keeper.reserve()).open(connection);
    session.end('stalled');
    session.end('failed');
    void keeper.stop();
    await clock.advance(10_000);
    expect([connection.closes, await session.closed]).toEqual([['stalled'], 'stalled']);
  });
});

describe('the signal of a drain', () => {
  it.each(['drain', 'stop'] as const)(
    'aborts once when a %s has begun, outside of every transition (INV-19)',
    async (end) => {
      const { keeper, clock } = createTestSupervisor();
      const { draining } = keeper;
      let heard = 0;
      draining.addEventListener('abort', () => {
        heard += 1;
        expect(keeper.reserve()).toMatchObject({ reason: 'draining' });
      });
      keeper.start();
      await clock.settle();
      expect([draining.aborted, keeper.draining === draining]).toEqual([false, true]);
      void keeper[end]();
      expect(heard).toBe(0);
      await clock.settle();
      void keeper.stop();
      await clock.settle();
      expect([heard, draining.aborted, draining.reason]).toEqual([1, true, expect.any(NotAdmittingError)]);
    },
  );

  it('may be answered by a stop', async () => {
    const { keeper, clock } = createTestSupervisor({ withdraw: () => new Promise(() => {}) });
    keeper.draining.addEventListener('abort', () => void keeper.stop());
    const ended = keeper.drain();
    await clock.settle();
    expect(await ended).toMatchObject({ durationMs: 0, reason: 'aborted' });
  });
});

describe('a client that an adapter turns away', () => {
  it('is counted among the refused, and an event (INV-77)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.noteRefusal({ by: 'websocket', reason: 'origin', peer: '10.0.0.7' });
    keeper.noteRefusal({ by: 'websocket', reason: 'origin' });
    await clock.settle();
    expect(keeper.stats()).toMatchObject({ lost: { refused: 2 }, sessions: { taken: 0 } });
    expect(of('client.refused')).toMatchObject([
      { by: 'websocket', reason: 'origin', peer: '10.0.0.7' },
      { by: 'websocket' },
    ]);
    expect(() => keeper.noteRefusal({ by: '', reason: 'origin' })).toThrow('`refusal.by`');
    expect(() => keeper.noteRefusal({ by: 'sse', reason: '' })).toThrow('`refusal.reason`');
  });
});
