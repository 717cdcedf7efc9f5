import { scriptedProbe } from '@watchkeeper/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, type MonitorOptions, type SupervisorSnapshot } from '../src/index.ts';
import { isMonitorSnapshot } from '../src/monitor/monitorSnapshot.ts';
import { RestoredMonitors } from '../src/supervisor/supervisorSnapshot.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

const asked: MonitorOptions = { intervalMs: 1_000, timeoutMs: 500, jitter: 0, alertAfter: 2 };

/** What an earlier program wrote down after `ms` of watching `api` by a script. */
async function written(script: string, ms: number, options: MonitorOptions = {}) {
  const before = startMonitor(script, { ...asked, ...options });
  await before.clock.advance(ms);
  const snapshot = JSON.parse(JSON.stringify(before.keeper.snapshot())) as SupervisorSnapshot;
  return { ...before, snapshot };
}

/** A later program that goes on from it `gapMs` later. */
async function later(snapshot: SupervisorSnapshot, gapMs: number, script: string, options: MonitorOptions = {}) {
  const kept = createTestSupervisor({ resume: snapshot });
  await kept.clock.advance(snapshot.at - kept.clock.now() + gapMs);
  const probe = scriptedProbe(script);
  const monitor = kept.keeper.monitor('api', probe, { ...asked, ...options });
  kept.keeper.start();
  return { ...kept, probe, monitor };
}

describe('a resumed monitor', () => {
  it('goes on with its health, since when, its times and its verdict, and with its schedule (HAProxy server-state)', async () => {
    const before = await written('+', 2_300);
    const { monitor, probe, clock, of, keeper } = await later(before.snapshot, 400, '+');
    const { epoch: _, ...known } = before.monitor.status;
    expect(monitor.status).toMatchObject(known);
    await clock.settle();
    expect(of('health.changed')).toMatchObject([{ from: 'stopped', to: 'healthy' }]);
    expect(of('monitor.resumed')).toMatchObject([{ id: 'api', ageMs: 400 }]);
    expect(keeper.planes).toMatchObject({ started: true, ready: true });
    await clock.advance(299);
    expect(probe.asked).toBe(0);
    await clock.advance(1);
    expect(probe.asked).toBe(1);
  });

  it('is asked at once when its check fell due meanwhile, or was under way', async () => {
    const due = await later((await written('+', 2_300)).snapshot, 5_000, '+');
    await due.clock.settle();
    expect(due.probe.asked).toBe(1);
    const underWay = await later((await written('+?', 1_100)).snapshot, 10, '+');
    await underWay.clock.settle();
    expect(underWay.probe.asked).toBe(1);
  });

  it('goes on counting failures, and keeps its start grace as it was (INV-43)', async () => {
    const before = await written('+-', 1_000, { failureThreshold: 3, alertAfter: 3 });
    const { monitor, clock, of } = await later(before.snapshot, 1_000, '-', { failureThreshold: 3, alertAfter: 3 });
    await clock.settle();
    expect(monitor.status).toMatchObject({ health: 'healthy', failures: 2, alerting: false });
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', failures: 3, alerting: true });
    expect(of('alert.raised')).toHaveLength(1);
    const grace = await later((await written('-', 0, { startGraceMs: 3_000 })).snapshot, 2_999, '-', {
      startGraceMs: 3_000,
    });
    await grace.clock.settle();
    expect(grace.monitor.health).toBe('starting');
    await grace.clock.advance(1_000);
    expect(grace.monitor.health).toBe('unhealthy');
  });

  it('raises no second alert for an outage, and clears the first (INV-58)', async () => {
    const before = await written('-', 3_000);
    expect(before.of('alert.raised')).toHaveLength(1);
    const { monitor, clock, of } = await later(before.snapshot, 2_000, '--+-');
    await clock.settle();
    expect(monitor.status.alerting).toBe(true);
    await clock.advance(2_000);
    expect([of('alert.raised').length, of('alert.cleared').length, monitor.health]).toEqual([0, 1, 'healthy']);
    await clock.advance(2_000);
    expect(of('alert.raised')).toHaveLength(1);
  });

  it('stays paused for as long as it was to be, or until told', async () => {
    const before = await written('+', 1_000);
    before.monitor.pause({ ttlMs: 10_000 });
    const resting = await later(before.keeper.snapshot(), 4_000, '+');
    await resting.clock.advance(5_999);
    expect([resting.monitor.health, resting.probe.asked]).toEqual(['paused', 0]);
    await resting.clock.advance(1);
    expect([resting.monitor.health, resting.probe.asked]).toEqual(['healthy', 1]);
    before.monitor.pause();
    const paused = await later(before.keeper.snapshot(), 4_000, '+');
    await paused.clock.advance(100_000);
    expect(paused.monitor.health).toBe('paused');
    paused.monitor.resume();
    await paused.clock.settle();
    expect(paused.monitor.health).toBe('healthy');
  });

  it('flaps on, less by the time that passed', async () => {
    const flapping = { flapHalfLifeMs: 10_000, alertAfter: -1 };
    const before = await written('+-+-+-+-', 7_000, flapping);
    const { monitor, clock } = await later(before.snapshot, 1_000, '-', flapping);
    await clock.settle();
    expect(monitor.status.flapping).toBe(true);
    const calm = await later(before.snapshot, 60_000, '-', flapping);
    await calm.clock.settle();
    expect(calm.monitor.status.flapping).toBe(false);
  });

  it.each([
    [300_000, 'monitor.resumed', 'healthy'],
    [300_001, 'monitor.expired', 'starting'],
    [-1, 'monitor.expired', 'starting'],
  ] as const)('from a memory of %i ms is %s, by default', async (ageMs, type, health) => {
    const { snapshot } = await written('+', 0);
    const kept = createTestSupervisor({ resume: { ...snapshot, at: createTestSupervisor().clock.now() - ageMs } });
    const monitor = kept.keeper.monitor('api', scriptedProbe('?'));
    await kept.clock.settle();
    expect(monitor.status).toMatchObject({ health, failures: 0 });
    expect(kept.of(type)).toMatchObject([{ id: 'api', ageMs }]);
  });

  it('remembers once: one that crashes begins anew but for its alert, and one that is made again with nothing', async () => {
    const { snapshot } = await written('-', 3_000);
    const { keeper, monitor, clock } = await later(snapshot, 0, '?');
    monitor.stop();
    await clock.settle();
    expect(keeper.monitor('api', scriptedProbe('?')).status).toMatchObject({ health: 'starting', failures: 0 });
    let broken = false;
    const random = () => {
      if (broken) throw new Error('no chance');
      return 0.5;
    };
    const kept = createTestSupervisor({
      random,
      resume: { ...snapshot, at: clock.now() },
      resumeMaxAgeMs: 2 ** 31 - 1,
    });
    await kept.clock.advance(clock.now() - kept.clock.now());
    const crashing = kept.keeper.monitor('api', scriptedProbe('+?'));
    kept.keeper.start();
    expect(crashing.status).toMatchObject({ health: 'unhealthy', alerting: true });
    broken = true;
    crashing.check();
    await kept.clock.settle();
    expect(kept.of('actor.failed')).toHaveLength(1);
    broken = false;
    await kept.clock.advance(1_100);
    expect(crashing.status).toMatchObject({ health: 'starting', failures: 0, alerting: true });
  });

  it('as a composite goes on with its alert and is judged by its members as they are', async () => {
    const kept = createTestSupervisor({ monitor: asked });
    kept.keeper.monitor('api', scriptedProbe('-'));
    kept.keeper.composite('all', { of: ['api'], need: 'all' });
    kept.keeper.start();
    await kept.clock.settle();
    const { keeper, clock, of } = await later(kept.keeper.snapshot(), 1_000, '+');
    const composite = keeper.composite('all', { of: ['api'], need: 'all' });
    await clock.settle();
    expect(composite.status).toMatchObject({ health: 'healthy', alerting: false });
    expect(of('alert.cleared').filter(({ id }) => id === 'all')).toHaveLength(1);
    expect(of('alert.raised')).toEqual([]);
  });
});

describe('the snapshot of an earlier program', () => {
  it('is refused unless it is whole, wherever it was broken', async () => {
    const { snapshot } = await written('+-', 1_000);
    const { api } = snapshot.monitors;
    expect(isMonitorSnapshot(api)).toBe(true);
    const wrong = {
      health: 'fine',
      since: null,
      streaks: {},
      flaps: [],
      alert: 'held',
      verdict: 'pass',
      dueAt: 'soon',
      detail: 1,
    };
    for (const [key, value] of Object.entries(wrong)) {
      const resume = { ...snapshot, monitors: { api: { ...api, [key]: value } } } as never;
      expect(() => createTestSupervisor({ resume })).toThrow(
        expect.objectContaining({ constructor: InvalidOptionError, option: 'supervisor.resume' }),
      );
    }
    expect(() => createTestSupervisor({ resume: { ...snapshot, version: 2 } as never })).toThrow(InvalidOptionError);
  });

  it('is given to a monitor once, and only within its age', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.nat(40), (ageMs, maxAgeMs) => {
        const memories = new RestoredMonitors({ version: 1, at: 1_000, monitors: { api: {} as never } }, maxAgeMs);
        expect(memories.take('other', 1_000 + ageMs)).toBeUndefined();
        const kind = ageMs >= 0 && ageMs <= maxAgeMs ? 'fresh' : 'expired';
        expect(memories.take('api', 1_000 + ageMs)).toMatchObject({ kind, ageMs });
        expect(memories.take('api', 1_000 + ageMs)).toBeUndefined();
      }),
    );
  });

  it.each(['drain', 'stop'] as const)('is kept as it was when a %s stopped the monitors', async (end) => {
    const { keeper, clock, monitor } = startMonitor('---', { alertAfter: 2, failureThreshold: 1 });
    await clock.advance(1_500);
    const before = keeper.snapshot();
    expect(before.monitors['api']).toMatchObject({ health: 'unhealthy', alert: 'raised' });
    void keeper[end]({ graceMs: 0 });
    expect(keeper.snapshot()).toEqual(before);
    await clock.advance(60_000);
    expect([keeper.snapshot(), monitor.health, keeper.phase]).toEqual([before, 'stopped', 'stopped']);
  });
});
