import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createSupervisor } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const options = { intervalMs: 1_000, jitter: 0, alertAfter: 1 };

async function watched(script: string) {
  const supervised = createTestSupervisor();
  const { keeper, clock } = supervised;
  const monitor = keeper.monitor('api', scriptedProbe(script), options);
  keeper.start();
  await clock.settle();
  return { ...supervised, monitor };
}

describe('a pause', () => {
  it.each([
    ['-', false, 'unhealthy'],
    ['+', true, 'healthy'],
    ['~', true, 'degraded'],
  ] as const)(
    'keeps what was known of a required target: after %s the program is ready: %s',
    async (script, ready, whole) => {
      const { keeper, clock, monitor } = await watched(script);
      expect(keeper.planes.ready).toBe(ready);
      monitor.pause();
      await clock.advance(60_000);
      expect([monitor.health, keeper.planes.ready, keeper.health]).toEqual(['paused', ready, whole]);
      keeper.monitor('api2', scriptedProbe('+'), options);
      await clock.settle();
      expect(keeper.planes.ready).toBe(ready);
    },
  );

  it('may assume that a target is up, or down, and may be changed while it lasts', async () => {
    const { keeper, clock, monitor } = await watched('-');
    const readyAfter = async (assume?: 'last' | 'up' | 'down') => {
      monitor.pause(assume === undefined ? {} : { assume });
      await clock.settle();
      return keeper.planes.ready;
    };
    expect(await readyAfter('up')).toBe(true);
    expect(await readyAfter('down')).toBe(false);
    expect(await readyAfter('up')).toBe(true);
    expect(await readyAfter()).toBe(false);
    expect(keeper.stats().monitors.byHealth).toMatchObject({ paused: 1, unhealthy: 0 });
  });

  it('leaves a target of which nothing is known out of account, unless told what to assume', async () => {
    const { keeper, clock, monitor } = await watched('?');
    monitor.pause();
    await clock.settle();
    expect(keeper.planes).toMatchObject({ started: true, ready: true });
    monitor.pause({ assume: 'down' });
    await clock.settle();
    expect(keeper.planes.ready).toBe(false);
  });

  it('shows an alert that is raised as silenced, and raises no other', async () => {
    const { clock, monitor, of } = await watched('-');
    expect(monitor.status).toMatchObject({ alerting: true, alertSilenced: false });
    monitor.pause();
    await clock.advance(60_000);
    expect(monitor.status).toMatchObject({ alerting: true, alertSilenced: true });
    monitor.resume();
    await clock.settle();
    expect(monitor.status).toMatchObject({ alerting: true, alertSilenced: false });
    expect(of('alert.raised').length).toBe(1);
  });

  it('goes on in a later program with what was assumed', async () => {
    const { keeper, clock, monitor } = await watched('-');
    monitor.pause();
    const snapshot = JSON.parse(JSON.stringify(keeper.snapshot()));
    const later = createSupervisor({ clock, resume: snapshot });
    later.monitor('api', scriptedProbe('+'), options);
    later.start();
    await clock.settle();
    expect([later.monitorOf('api')?.health, later.planes.ready]).toEqual(['paused', false]);
  });

  it('says what is assumed in its event', async () => {
    const { clock, monitor, of } = await watched('-');
    monitor.pause();
    await clock.settle();
    monitor.pause({ assume: 'up' });
    await clock.settle();
    expect(of('health.changed').at(-1)).toMatchObject({ to: 'paused', assumed: 'unhealthy' });
    expect(of('monitor.updated')).toMatchObject([{ id: 'api', assumed: 'healthy' }]);
  });
});

describe('the end of a monitor', () => {
  it('does not carry the detail of an old failure', async () => {
    const { clock, monitor, of } = await watched('-');
    expect(monitor.status.detail).toBe('scripted failure');
    monitor.stop();
    await clock.settle();
    expect(of('health.changed').at(-1)).toMatchObject({ to: 'stopped' });
    expect(of('health.changed').at(-1)).not.toHaveProperty('detail');
  });
});
