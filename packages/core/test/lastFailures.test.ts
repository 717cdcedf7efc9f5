import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, type SupervisorSnapshot } from '../src/index.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

describe('the last failures of a monitor', () => {
  it('are kept with verdict, detail, time and duration, however many checks pass after them (INV-114)', async () => {
    const { clock, monitor } = startMonitor('-+!+?+');
    const begun = clock.now();
    await clock.settle();
    expect(monitor.status.lastFailures).toEqual([
      { at: begun, tookMs: 0, verdict: { status: 'fail', detail: 'scripted failure' }, detail: 'scripted failure' },
    ]);
    await clock.advance(2_000);
    expect(monitor.status.lastFailures).toHaveLength(2);
    expect(monitor.status.lastFailures[1]).toMatchObject({ at: begun + 2_000 });
    expect(monitor.status.lastFailures[1]).not.toHaveProperty('verdict');
    await clock.advance(2_500);
    expect(monitor.status.lastFailures[2]).toEqual({
      at: begun + 4_500,
      tookMs: 500,
      verdict: { status: 'fail', detail: 'no answer within 500 ms' },
      detail: 'no answer within 500 ms',
    });
    await clock.advance(60_000);
    expect([monitor.health, monitor.status.failures, monitor.status.lastFailures.length]).toEqual(['healthy', 0, 3]);
  });

  it.each([0, 1, 3])('are the latest %i, and the latest last', async (keptFailures) => {
    const { clock, monitor } = startMonitor('-', { keptFailures });
    const begun = clock.now();
    await clock.advance(5_000);
    const all = [0, 1, 2, 3, 4, 5].map((second) => begun + second * 1_000);
    expect(monitor.status.lastFailures.map(({ at }) => at)).toEqual(all.slice(all.length - keptFailures));
  });

  it('are forgotten with their probe, and cut to what an update lets it keep', async () => {
    const { clock, monitor } = startMonitor('-');
    await clock.advance(3_000);
    const before = monitor.status.lastFailures.slice(-2);
    monitor.pause();
    monitor.update({ keptFailures: 2 });
    expect(monitor.status.lastFailures).toEqual(before);
    monitor.update({ probe: scriptedProbe('+') });
    expect(monitor.status.lastFailures).toEqual([]);
  });

  it('outlive a crash and the program (INV-114)', async () => {
    let crashes = 0;
    const { keeper, clock, of } = createTestSupervisor({
      random: () => {
        crashes -= 1;
        if (crashes >= 0) throw new Error('no chance');
        return 0.5;
      },
    });
    const monitor = keeper.monitor('api', scriptedProbe('-+'), { intervalMs: 1_000 });
    keeper.start();
    await clock.settle();
    const kept = monitor.status.lastFailures;
    expect(kept).toHaveLength(1);
    crashes = 1;
    monitor.check();
    await clock.settle();
    await clock.advance(60_000);
    expect([of('actor.restarted').length, monitor.health, monitor.status.lastFailures]).toEqual([1, 'healthy', kept]);
    const written = JSON.stringify(keeper.snapshot());
    const resume = JSON.parse(written) as SupervisorSnapshot;
    for (const [keptFailures, known] of [
      [10, kept],
      [0, []],
    ] as const) {
      const later = createTestSupervisor({ resume });
      await later.clock.advance(clock.now() - later.clock.now());
      const { status } = later.keeper.monitor('api', scriptedProbe('+'), { keptFailures });
      expect(status.lastFailures).toEqual(known);
    }
  });

  it.each([
    [7],
    [[7]],
    [[{ at: 'now', tookMs: 0 }]],
    [[{ at: 0, tookMs: 0, verdict: { status: 'bad' } }]],
    [[{ at: 0, tookMs: 0, detail: 1 }]],
  ])('that are written as %j are refused', async (lastFailures) => {
    const { keeper, clock } = startMonitor('-');
    await clock.settle();
    const { monitors, ...rest } = keeper.snapshot();
    const resume = { ...rest, monitors: { api: { ...monitors['api'], lastFailures } } } as never;
    expect(() => createTestSupervisor({ resume })).toThrow(InvalidOptionError);
  });
});
