import { fakeConnection, inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('the end of a drain', () => {
  it('comes after the end of every monitor, which is told (INV-33, INV-65, INV-79)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    void keeper.drain();
    await clock.settle();
    expect(of('health.changed').at(-1)).toMatchObject({ id: 'api', to: 'stopped' });
    expect(of('actor.ended')).toMatchObject([{ kind: 'monitor', id: 'api', reason: 'stopped' }]);
    expect([keeper.phase, [...keeper.actors()].length, keeper.statuses()]).toEqual(['stopped', 1, []]);
  });

  it('is told of a monitor too that waited to be started again', async () => {
    let broken = true;
    const random = () => {
      if (broken) throw new Error('no chance');
      return 0.5;
    };
    const { keeper, clock, of } = createTestSupervisor({ random });
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    broken = false;
    expect(of('actor.restarting')).toHaveLength(1);
    void keeper.drain();
    await clock.settle();
    expect(of('actor.ended')).toMatchObject([{ kind: 'monitor', id: 'api', reason: 'stopped' }]);
    expect([keeper.phase, clock.pending]).toEqual(['stopped', 0]);
  });

  it('is not put off by a slow client that comes after force (INV-28)', async () => {
    const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 500 });
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.drain({ graceMs: 1_000 });
    await clock.advance(1_400);
    const late = inbox('hold');
    const quick = inbox();
    const notifier = keeper.notifier('late', late.deliver);
    keeper.notifier('quick', quick.deliver);
    await clock.advance(500);
    expect(await ended).toMatchObject({ durationMs: 1_900, notifiers: { told: 1, evicted: 1 } });
    expect([late.said, late.aborted, quick.said, await notifier.closed]).toEqual([
      ['goaway'],
      1,
      ['goaway'],
      'stalled',
    ]);
  });

  it('says for which reason its sessions ended, those of before left out', async () => {
    const { keeper, clock } = createTestSupervisor();
    const open = () => expectReserved(keeper.reserve()).open(fakeConnection());
    open().end('failed');
    const [leaving, stalling] = [open(), open()];
    open();
    open();
    await clock.settle();
    const ended = keeper.drain({ graceMs: 100 });
    await clock.settle();
    leaving.end();
    stalling.end('stalled');
    await clock.advance(100);
    expect((await ended).reasons).toEqual({ goaway: 1, stalled: 1, forced: 2 });
  });

  it('never says that it took less than no time', async () => {
    const { keeper, clock } = createTestSupervisor();
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.stop();
    clock.jump(-3_600_000);
    await clock.advance(2_000);
    expect(await ended).toMatchObject({ durationMs: 0, sessions: { forced: 1 } });
  });
});
