import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { CycleError, InvalidOptionError, UnknownIdError } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** network ← database ← api, asked every second by their scripts. */
function chain(network: string, database: string, api: string) {
  const kept = createTestSupervisor({ monitor: { intervalMs: 1_000, jitter: 0, alertAfter: 2 } });
  const watched = (id: string, script: string, ...dependsOn: string[]) =>
    kept.keeper.monitor(id, scriptedProbe(script), { dependsOn });
  const monitors = {
    network: watched('network', network),
    database: watched('database', database, 'network'),
    api: watched('api', api, 'database'),
  };
  kept.keeper.start();
  const alerts = () =>
    kept.events.flatMap((event) =>
      event.type.startsWith('alert.') && 'id' in event ? [`${event.id} ${event.type}`] : [],
    );
  return { ...kept, ...monitors, alerts };
}

describe('a monitor that depends on others', () => {
  it('holds its alert while one of them is down and names the root cause; only that one alerts (Kuma#1089, Gatus#1708)', async () => {
    const { clock, api, database, alerts, of } = chain('+--+', '+--+', '+--+');
    await clock.advance(2_000);
    expect(alerts().sort()).toEqual(['api alert.held', 'database alert.held', 'network alert.raised']);
    expect(of('alert.held').find(({ id }) => id === 'api')).toMatchObject({
      reason: 'dependency',
      rootCause: 'network',
      failures: 2,
      detail: 'scripted failure',
    });
    expect(api.status).toMatchObject({ health: 'unhealthy', alerting: false, alertHeld: true, rootCause: 'network' });
    await clock.advance(1_000);
    expect([api.health, database.health]).toEqual(['healthy', 'healthy']);
    expect(api.status).not.toHaveProperty('rootCause');
    expect(alerts().filter((alert) => !alert.includes('held'))).toEqual([
      'network alert.raised',
      'network alert.cleared',
    ]);
  });

  it('is measured and brought back as ever, and tells observed from effective health', async () => {
    const { clock, api, database, of } = chain('-', '+', '+-+');
    await clock.settle();
    expect(database.status).toMatchObject({ health: 'healthy', effectiveHealth: 'unhealthy', rootCause: 'network' });
    expect(api.status).toMatchObject({ health: 'healthy', effectiveHealth: 'unhealthy', rootCause: 'network' });
    await clock.advance(1_000);
    expect(api.health).toBe('unhealthy');
    await clock.advance(1_000);
    expect(api.status).toMatchObject({ health: 'healthy', effectiveHealth: 'unhealthy' });
    expect(of('verdict.judged').filter(({ id }) => id === 'api')).toHaveLength(3);
  });

  it('says once when it is let down, when the root cause is another, and when it is not any more (INV-77)', async () => {
    const { clock, events } = chain('+-+', '+', '+');
    await clock.advance(2_000);
    const told = events.filter(({ type }) => type.startsWith('dependency.'));
    expect(told).toMatchObject([
      { type: 'dependency.lost', id: 'database', rootCause: 'network' },
      { type: 'dependency.lost', id: 'api', rootCause: 'network' },
      { type: 'dependency.restored', id: 'database' },
      { type: 'dependency.restored', id: 'api' },
    ]);
    const other = chain('+-', '-', '+');
    await other.clock.advance(1_000);
    expect(other.of('dependency.lost').filter(({ id }) => id === 'api')).toMatchObject([
      { rootCause: 'database' },
      { rootCause: 'network' },
    ]);
  });

  it('raises the alert that was held when it still fails after the root cause is back, once (INV-58)', async () => {
    const { clock, alerts, api } = chain('+--+', '+', '+-----+');
    await clock.advance(2_000);
    expect(alerts()).toContain('api alert.held');
    await clock.advance(4_000);
    expect(api.health).toBe('healthy');
    expect(alerts().filter((alert) => alert.startsWith('api'))).toEqual([
      'api alert.held',
      'api alert.raised',
      'api alert.cleared',
    ]);
  });

  it('keeps an alert that was raised before, and clears it as ever (INV-58)', async () => {
    const { clock, alerts } = chain('+++--', '+', '--' + '--+');
    await clock.advance(4_000);
    expect(alerts().filter((alert) => alert.startsWith('api'))).toEqual(['api alert.raised', 'api alert.cleared']);
  });

  it('has what it depends on asked at once when it goes down', async () => {
    const { keeper, clock, of } = createTestSupervisor({ monitor: { intervalMs: 60_000, jitter: 0, alertAfter: 2 } });
    const network = scriptedProbe('+-');
    keeper.monitor('network', network);
    const api = keeper.monitor('api', scriptedProbe('+-'), { intervalMs: 1_000, dependsOn: ['network'] });
    keeper.start();
    await clock.advance(1_000);
    expect([network.asked, api.status.rootCause]).toEqual([2, 'network']);
    await clock.advance(5_000);
    expect([network.asked, of('alert.held').length, of('alert.raised').length]).toEqual([2, 1, 0]);
  });

  it('is let down by a composite as by any monitor, and a composite by what it depends on', async () => {
    const { keeper, clock } = chain('+', '-', '+');
    keeper.composite('storage', { of: ['database', 'network'], need: 'all' });
    const shop = keeper.monitor('shop', scriptedProbe('+'), { dependsOn: ['storage'] });
    const site = keeper.composite('site', { of: ['network'], need: 'all' }, { dependsOn: ['shop'] });
    await clock.settle();
    expect(shop.status).toMatchObject({ effectiveHealth: 'unhealthy', rootCause: 'storage' });
    expect(site.status).toMatchObject({ health: 'healthy', effectiveHealth: 'unhealthy', rootCause: 'storage' });
  });

  it('may depend on others later, and is let down by none that ended', async () => {
    const { keeper, clock, api, network, of } = chain('-', '+', '+');
    api.update({ dependsOn: [] });
    await clock.settle();
    expect(api.status.rootCause).toBeUndefined();
    api.update({ dependsOn: ['network'] });
    await clock.settle();
    expect(api.status.rootCause).toBe('network');
    network.stop();
    await clock.settle();
    expect(api.status.rootCause).toBeUndefined();
    expect(of('dependency.restored').filter(({ id }) => id === 'api')).toHaveLength(1);
    await keeper.stop();
    expect(clock.pending).toBe(0);
  });

  it('counts anew after an update, and raises no held alert for it (simulation seed 20010)', async () => {
    const { clock, api, alerts } = chain('-', '-', '-');
    await clock.advance(2_500);
    expect(api.status.alertHeld).toBe(true);
    api.update({ probe: scriptedProbe('-'), alertAfter: 3 });
    await clock.settle();
    expect(api.status).toMatchObject({ failures: 1, alerting: false, alertHeld: false, rootCause: 'network' });
    await clock.advance(2_000);
    expect(api.status).toMatchObject({ failures: 3, alerting: false, alertHeld: true });
    expect(alerts().filter((alert) => alert === 'api alert.raised')).toEqual([]);
  });

  it('refuses a circle of monitors that have not begun, by whatever they were told before (simulation seed 41)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const one = keeper.monitor('one', scriptedProbe('-'));
    const other = keeper.monitor('other', scriptedProbe('-'));
    one.update({ dependsOn: ['other'] });
    expect(() => other.update({ dependsOn: ['one'] })).toThrow(CycleError);
    keeper.start();
    await clock.settle();
    expect([one.status.rootCause, other.status.rootCause]).toEqual(['other', undefined]);
  });

  it('rests on what it was told last, whatever it was told before it began (simulation seed 277)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.monitor('network', scriptedProbe('-'));
    const api = keeper.monitor('api', scriptedProbe('+'));
    api.update({ requiredFor: [] });
    keeper.start();
    await clock.settle();
    api.update({ dependsOn: ['network'] });
    expect(api.status).toMatchObject({ rootCause: 'network', effectiveHealth: 'unhealthy' });
    await clock.settle();
    expect(of('dependency.lost')).toMatchObject([{ id: 'api', rootCause: 'network' }]);
  });

  it('has nothing of a monitor of its id that was given up (simulation seed 2564)', async () => {
    const random = { breaks: false };
    const { keeper, clock, of } = createTestSupervisor({
      intensity: 0,
      monitor: { intervalMs: 1_000 },
      random: () => {
        if (random.breaks) throw new Error('no luck');
        return 0.5;
      },
    });
    keeper.monitor('network', scriptedProbe('-'), {});
    keeper.monitor('api', scriptedProbe('+'), { dependsOn: ['network'] });
    keeper.start();
    await clock.advance(500);
    expect(of('dependency.lost')).toMatchObject([{ id: 'api', rootCause: 'network' }]);
    random.breaks = true;
    await clock.advance(1_000);
    random.breaks = false;
    expect(of('supervisor.escalated').some(({ id }) => id === 'api')).toBe(true);
    keeper.monitor('api', scriptedProbe('+'));
    await clock.advance(500);
    expect(of('dependency.restored')).toEqual([]);
    expect(keeper.monitorOf('api')?.status).not.toHaveProperty('rootCause');
  });

  it('refuses circles and ids that do not run, and is then as it was', () => {
    const { keeper, network, api } = chain('+', '+', '+');
    expect(() => network.update({ dependsOn: ['api'] })).toThrow(
      expect.objectContaining({ constructor: CycleError, path: ['network', 'api', 'database', 'network'] }),
    );
    keeper.composite('all', { of: ['api'], need: 'any' });
    expect(() => network.update({ dependsOn: ['all'] })).toThrow(CycleError);
    expect(() => network.update({ dependsOn: ['network'] })).toThrow(CycleError);
    expect(() => api.update({ dependsOn: ['nobody'] })).toThrow(UnknownIdError);
    expect(() => keeper.monitor('x', scriptedProbe('+'), { dependsOn: ['nobody'] })).toThrow(
      expect.objectContaining({ constructor: UnknownIdError, option: 'monitor.dependsOn', id: 'nobody' }),
    );
    expect(() => keeper.monitor('x', scriptedProbe('+'), { dependsOn: 'api' as never })).toThrow(InvalidOptionError);
    expect([keeper.monitorOf('x'), api.status.epoch]).toEqual([undefined, 1]);
  });
});
