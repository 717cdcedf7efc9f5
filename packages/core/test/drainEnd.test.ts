import { fakeConnection, inbox, scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type CloseReason, NotAdmittingError } from '../src/index.ts';
import { createTestSupervisor, expectReserved } from './support/testSupervisor.ts';

describe('a supervisor that drains or has stopped', () => {
  it.each(['draining', 'stopped'] as const)(
    'refuses every monitor as such, whatever it rests on (INV-19): %s',
    async (phase) => {
      const { keeper, clock } = createTestSupervisor();
      keeper.monitor('api', scriptedProbe('+'));
      keeper.start();
      expectReserved(keeper.reserve()).open(fakeConnection());
      void (phase === 'draining' ? keeper.drain() : keeper.stop());
      await clock.settle();
      expect(keeper.phase).toBe(phase);
      const probe = scriptedProbe('+');
      for (const late of [
        () => keeper.monitor('late', probe),
        () => keeper.monitor('api', probe),
        () => keeper.monitor('late', probe, { dependsOn: ['unknown'] }),
        () => keeper.monitor('late', probe, { dependsOn: ['late'] }),
        () => keeper.composite('late', { of: ['api'], need: 'all' }),
        () => keeper.composite('late', { of: ['unknown'], need: 'all' }),
        () => keeper.composite('late', { of: ['late'], need: 'any' }),
        () => keeper.service('late', async () => {}),
      ]) {
        expect(late).toThrow(NotAdmittingError);
      }
    },
  );
});

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
    await clock.advance(100);
    expect(await ended).toMatchObject({ durationMs: 1_500, notifiers: { told: 1, evicted: 1 } });
    expect([late.said, late.aborted, quick.said, await notifier.closed]).toEqual([['goaway'], 1, ['goaway'], 'forced']);
  });

  it('comes although every client registers anew when it is closed, and then nothing is admitted (INV-28)', async () => {
    const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 300 });
    let came = 0;
    let refused: unknown;
    const come = () => {
      came += 1;
      try {
        void keeper.notifier('again', () => {}).closed.then(() => clock.setTimeout(come, 10));
      } catch (error) {
        refused = error;
      }
    };
    come();
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.drain({ graceMs: 500, deadlineMs: 500 });
    await clock.advance(1_000);
    const report = await ended;
    expect(report).toMatchObject({ durationMs: 800, sessions: { forced: 1 }, unfinished: ['session 1'] });
    expect(report.notifiers.told + report.notifiers.evicted).toBe(came - 1);
    expect([keeper.phase, refused, clock.pending]).toEqual(['stopped', expect.any(NotAdmittingError), 0]);
  });

  it('comes although connections come again when they are closed, each in the report once (INV-25, INV-28)', async () => {
    const { keeper, clock } = createTestSupervisor({ closeTimeoutMs: 300 });
    let came = 0;
    const closes: CloseReason[] = [];
    const come = (): void => {
      const slot = keeper.reserve('proxy', { whileDraining: true });
      if (!slot.reserved) return;
      came += 1;
      slot.open({
        goaway: () => {},
        close(reason) {
          closes.push(reason);
          clock.setTimeout(come, 10);
          return new Promise(() => {});
        },
      });
    };
    come();
    const ended = keeper.stop();
    await clock.advance(1_000);
    const { sessions, durationMs, unfinished } = await ended;
    expect([sessions, durationMs]).toEqual([{ total: came, early: 0, forced: came, stragglers: came - 1 }, 300]);
    expect([unfinished.length, closes.length, keeper.stats().sessions.taken, clock.pending]).toEqual([
      came,
      came,
      0,
      0,
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

  it('says how long it took, although the wall clock was set back meanwhile', async () => {
    const { keeper, clock } = createTestSupervisor();
    expectReserved(keeper.reserve()).open(fakeConnection({ closing: 'hang' }));
    const ended = keeper.stop();
    clock.jump(-3_600_000);
    await clock.advance(2_000);
    expect(await ended).toMatchObject({ durationMs: 2_000, sessions: { forced: 1 } });
  });
});
