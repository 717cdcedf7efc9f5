import { fakeConnection, inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { NotAdmittingError } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('a stop', () => {
  it.each(['before the start', 'while running', 'while draining'])(
    '%s ends everything now (INV-18, INV-33)',
    async (when) => {
      const { keeper, clock } = createTestSupervisor();
      const probe = scriptedProbe('?');
      keeper.monitor('api', probe);
      const connection = fakeConnection();
      const session = expectReserved(keeper.reserve()).open(connection);
      const notifier = keeper.notifier('a', inbox('hold').deliver);
      if (when !== 'before the start') keeper.start();
      if (when === 'while draining') void keeper.drain({ noticeMs: 5_000 });
      await clock.settle();
      const report = keeper.stop();
      await clock.settle();
      expect(await report).toMatchObject({ reason: 'aborted', sessions: { total: 1, forced: 1 } });
      expect([await session.closed, await notifier.closed, connection.closes]).toEqual([
        'stopped',
        'stopped',
        ['stopped'],
      ]);
      expect([probe.running, clock.pending, [...keeper.actors()].length]).toEqual([0, 0, 1]);
    },
  );

  it('ends only after all monitors have: nothing refers to them any more (INV-39)', async () => {
    const { keeper, clock, of, events } = createTestSupervisor();
    for (const id of ['a', 'b', 'c']) keeper.monitor(id, scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    void keeper.stop();
    await clock.settle();
    expect([keeper.stats().monitors.total, keeper.monitorOf('a'), [...keeper.actors()].length]).toEqual([
      0,
      undefined,
      1,
    ]);
    expect(of('actor.ended').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(events.at(-1)?.type).toBe('drain.ended');
  });

  it('is what `await using` does', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const disposed = keeper[Symbol.asyncDispose]();
    await clock.settle();
    await disposed;
    expect(keeper.phase).toBe('stopped');
  });

  it('leaves a supervisor that takes nothing more, and says so', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const held = expectReserved(keeper.reserve());
    void keeper.stop();
    await clock.settle();
    expect(() => keeper.notifier('late', inbox().deliver)).toThrow(NotAdmittingError);
    expect(() => keeper.monitor('late', scriptedProbe('+'))).toThrow(NotAdmittingError);
    expect(() => held.open(fakeConnection())).toThrow(NotAdmittingError);
    held.release();
    expect(keeper.stats().sessions.taken).toBe(0);
    expect(keeper.reserve()).toMatchObject({ reserved: false, reason: 'draining' });
    expect(of('drain.ended')).toHaveLength(1);
  });
});
