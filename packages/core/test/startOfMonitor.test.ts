import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type Health, InvalidOptionError } from '../src/index.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

/** The health after each of the first checks of a script. */
async function healths(script: string, options: Parameters<typeof startMonitor>[1]): Promise<Health[]> {
  const { clock, monitor } = startMonitor(script, options);
  const seen: Health[] = [];
  for (let check = 0; check < script.length; check += 1) {
    await clock.advance(check === 0 ? 0 : 1_000);
    seen.push(monitor.health);
  }
  return seen;
}

describe('the first verdict', () => {
  it('decides, whatever the thresholds are for later (INV-115)', async () => {
    const thresholds = { failureThreshold: 3, successThreshold: 2 };
    expect(await healths('+-+', thresholds)).toEqual(['healthy', 'healthy', 'healthy']);
    expect(await healths('-++', thresholds)).toEqual(['unhealthy', 'unhealthy', 'healthy']);
    expect(await healths('~---', thresholds)).toEqual(['degraded', 'degraded', 'degraded', 'unhealthy']);
  });

  it.each([
    ['++', ['starting', 'healthy']],
    ['--', ['starting', 'unhealthy']],
    ['+-++', ['starting', 'starting', 'starting', 'healthy']],
    ['+--+', ['starting', 'starting', 'unhealthy', 'healthy']],
  ])('is as many in a row as startThreshold says: %s (INV-115)', async (script, seen) => {
    expect(await healths(script, { startThreshold: 2 })).toEqual(seen);
  });

  it('is none of a check that broke, which counts as a failure as ever', async () => {
    const options = { failureThreshold: 3, errorThreshold: 5 };
    expect(await healths('!!+', options)).toEqual(['starting', 'starting', 'healthy']);
    expect(await healths('!!!-', options)).toEqual(['starting', 'starting', 'unhealthy', 'unhealthy']);
    expect(await healths('!-', options)).toEqual(['starting', 'unhealthy']);
  });

  it('waits for the end of the grace, and decides again after a pause and with a new probe', async () => {
    const { clock, monitor } = startMonitor('-', { failureThreshold: 3, startGraceMs: 1_500 });
    await clock.advance(1_000);
    expect(monitor.health).toBe('starting');
    await clock.advance(1_000);
    expect(monitor.health).toBe('unhealthy');
    monitor.update({ probe: scriptedProbe('+-'), startGraceMs: 0 });
    await clock.settle();
    expect(monitor.health).toBe('healthy');
    monitor.pause();
    monitor.resume();
    await clock.settle();
    expect(monitor.health).toBe('unhealthy');
  });

  it('counts no fall: a target that was down from the beginning has not gone down', async () => {
    const options = { initialHealth: 'healthy', flapHalfLifeMs: 60_000, flapSuppress: 1, flapReuse: 0.5 } as const;
    const { clock, monitor } = startMonitor('-+-', options);
    await clock.advance(1_000);
    expect([monitor.health, monitor.status.flapping]).toEqual(['healthy', false]);
    await clock.advance(1_000);
    expect([monitor.health, monitor.status.flapping]).toEqual(['unhealthy', true]);
  });
});

describe('the initial health', () => {
  it.each([
    ['starting', false],
    ['healthy', true],
    ['degraded', true],
    ['unhealthy', false],
  ] as const)(
    '%s: the program is started by the first verdict and by nothing else, ready %s before (INV-115)',
    async (initialHealth, isGood) => {
      const { keeper, clock, monitor, of } = startMonitor('?+', { initialHealth });
      await clock.settle();
      expect([monitor.health, keeper.health]).toEqual([initialHealth, initialHealth]);
      expect(keeper.planes).toEqual({ started: false, ready: false, live: true });
      await clock.advance(500);
      // What does not answer in time has failed.
      expect([monitor.health, keeper.planes.started]).toEqual(['unhealthy', true]);
      await clock.advance(1_000);
      expect(keeper.planes).toEqual({ started: true, ready: true, live: true });
      expect(of('health.changed')[0]).toMatchObject({ to: initialHealth, seq: 1 });
      const late = keeper.monitor('late', scriptedProbe('?'), { initialHealth });
      await clock.settle();
      expect([late.health, keeper.planes.ready]).toEqual([initialHealth, isGood]);
    },
  );

  it('that the first verdict only confirms starts the program all the same', async () => {
    const { keeper, clock, of } = startMonitor('+', { initialHealth: 'healthy' });
    expect(keeper.planes.started).toBe(false);
    await clock.settle();
    expect([keeper.planes.started, of('health.changed').length]).toEqual([true, 1]);
  });

  it('is asked for by nobody who is not required, who is paused, or who is gone', async () => {
    for (const act of ['optional', 'pause', 'stop'] as const) {
      const { keeper, clock, monitor } = startMonitor('?', {
        initialHealth: 'healthy',
        requiredFor: act === 'optional' ? ['ready'] : ['started', 'ready'],
      });
      await clock.settle();
      if (act !== 'optional') monitor[act]();
      keeper.monitor('other', scriptedProbe('+'));
      await clock.settle();
      expect([act, keeper.planes.started]).toEqual([act, true]);
    }
  });

  it('is not that of one that goes on from a snapshot, nor of a new probe', async () => {
    const before = startMonitor('-', { initialHealth: 'healthy' });
    await before.clock.settle();
    const later = createTestSupervisor({ resume: before.keeper.snapshot() });
    const resumed = later.keeper.monitor('api', scriptedProbe('?'), { initialHealth: 'healthy' });
    later.keeper.start();
    await later.clock.settle();
    expect([resumed.health, later.keeper.planes.started]).toEqual(['unhealthy', true]);
    before.monitor.update({ probe: scriptedProbe('?') });
    expect(before.monitor.health).toBe('starting');
  });

  it.each([
    ['initialHealth', 'paused'],
    ['initialHealth', true],
    ['startThreshold', 0],
    ['startThreshold', 1.5],
  ])('%s cannot be %j', (option, value) => {
    expect(() => startMonitor('+', { [option]: value })).toThrow(
      expect.objectContaining({ constructor: InvalidOptionError, option: `monitor.${option}` }),
    );
  });
});
