import { scriptedProbe } from '@watchkeeper/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Composition, judgeMembers, type Member } from '../src/aggregate/composition.ts';
import {
  CycleError,
  defineProbe,
  type Health,
  healths,
  InvalidOptionError,
  UndecidedError,
  UnknownIdError,
} from '../src/index.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

const membersOf = (all: readonly (Health | undefined)[]): Member[] =>
  all.map((health, index) => ({ id: `m${index}`, health, weight: 1 }));

describe('the verdict over members', () => {
  it.each<[(Health | undefined)[], Composition['need'], string | undefined]>([
    [[], 'any', undefined],
    [[undefined, 'paused', 'stopped'], 'all', undefined],
    [['healthy', 'unhealthy', 'error'], 'any', 'pass'],
    [['degraded', 'unhealthy'], 'any', 'warn'],
    [['starting', 'unhealthy'], 'any', undefined],
    [['unhealthy', 'stale'], 'any', 'fail'],
    [['healthy', 'healthy', 'paused', undefined], 'all', 'pass'],
    [['healthy', 'degraded'], 'all', 'warn'],
    [['healthy', 'starting'], 'all', undefined],
    [['starting', 'unhealthy'], 'all', 'fail'],
    [['healthy', 'healthy', 'unhealthy'], 2, 'pass'],
    [['healthy', 'reconnecting', 'unhealthy'], 2, 'fail'],
  ])('of %o needing %s is %s (INV-72)', (all, need, status) => {
    expect(judgeMembers(membersOf(all), need)?.status).toBe(status);
  });

  it('stays open only while what is still starting could turn it either way (INV-72)', () => {
    const rank = { pass: 2, warn: 1, fail: 0 };
    const need = fc.oneof(fc.constantFrom('all' as const, 'any' as const), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...healths), { maxLength: 6 }), need, (all, needed) => {
        const now = judgeMembers(membersOf(all), needed);
        const once = (health: Health) => {
          const settled = all.map((each) => (each === 'starting' ? health : each));
          return judgeMembers(membersOf(settled), needed);
        };
        const [best, worst] = [once('healthy'), once('unhealthy')];
        if (best === undefined || worst === undefined) {
          expect(now).toBeUndefined();
        } else {
          expect(rank[best.status]).toBeGreaterThanOrEqual(rank[worst.status]);
          if (best.status === worst.status) expect(now?.status).toBe(best.status);
          if (now === undefined) expect(worst.status).toBe('fail');
        }
      }),
    );
  });

  it('names who is to blame', () => {
    expect(judgeMembers(membersOf(['healthy', 'error', 'stale']), 'all')).toEqual({
      status: 'fail',
      detail: '1 of 3 needed; m1 is error, m2 is stale',
      measured: { good: 1, members: 3, needed: 3 },
    });
    expect(judgeMembers(membersOf(['degraded', 'error']), 'any')?.detail).toBe('m0 is degraded');
  });
});

/** Three monitors that ask every second by their scripts, and a composite of them. */
function trio(scripts: readonly [string, string, string], need: Composition['need']) {
  const kept = createTestSupervisor({ monitor: { intervalMs: 1_000, jitter: 0, requiredFor: [] } });
  const members = scripts.map((script, index) => kept.keeper.monitor(`m${index}`, scriptedProbe(script)));
  const composite = kept.keeper.composite('all', { of: ['m0', 'm1', 'm2'], need });
  const seen: Health[] = [];
  composite.health$.subscribe((health) => seen.push(health));
  kept.keeper.start();
  return { ...kept, members, composite, seen };
}

describe('a composite', () => {
  it('follows its members at once, with a detail, an alert and a place in the whole (INV-58, INV-72)', async () => {
    const { keeper, clock, composite, seen, of } = trio(['+', '+-+', '+--+'], 2);
    await clock.settle();
    expect([composite.health, keeper.health]).toEqual(['healthy', 'healthy']);
    await clock.advance(1_000);
    expect(composite.status).toMatchObject({
      health: 'unhealthy',
      detail: '1 of 2 needed; m1 is unhealthy, m2 is unhealthy',
      alerting: true,
      probe: 'composite',
    });
    expect([keeper.health, keeper.planes.ready]).toEqual(['unhealthy', false]);
    await clock.advance(1_000);
    expect([composite.health, keeper.health]).toEqual(['healthy', 'healthy']);
    expect(seen).toEqual(['starting', 'healthy', 'unhealthy', 'healthy']);
    expect(of('alert.raised').filter(({ id }) => id === 'all')).toHaveLength(1);
    expect(of('alert.cleared').filter(({ id }) => id === 'all')).toHaveLength(1);
  });

  it('is unknown before its members are, and again when all of them are gone or paused (INV-67, INV-72)', async () => {
    const { clock, composite, members } = trio(['+', '+', '+'], 'any');
    expect(composite.health).toBe('starting');
    await clock.settle();
    expect(composite.health).toBe('healthy');
    for (const member of members) member.stop();
    await clock.settle();
    expect(composite.health).toBe('starting');
  });

  it('is no registration of its own when its members become unknown: nobody updated it (INV-72)', async () => {
    const { keeper, clock, composite, members, of } = trio(['+', '+', '-+'], 'all');
    await clock.settle();
    expect(composite.status).toMatchObject({ health: 'unhealthy', failures: 1, epoch: 1 });
    for (const member of members) member.stop();
    await clock.settle();
    const { health, failures, epoch, detail } = composite.status;
    expect({ health, failures, epoch, detail }).toEqual({ health: 'starting', failures: 0, epoch: 1 });
    composite.pause();
    keeper.monitor('m0', scriptedProbe('?'));
    await clock.settle();
    expect(composite.health).toBe('paused');
    composite.resume();
    keeper.monitor('m1', scriptedProbe('-'));
    await clock.settle();
    expect(composite.status).toMatchObject({ health: 'unhealthy', epoch: 1, alerting: true });
    expect([of('monitor.updated'), of('alert.raised').filter(({ id }) => id === 'all').length]).toEqual([[], 1]);
  });

  it('counts a paused member as what was known of it, not one that ended, and one that came back (INV-72)', async () => {
    const { keeper, clock, composite, members } = trio(['+', '-', '-'], 'all');
    await clock.settle();
    expect(composite.health).toBe('unhealthy');
    members[1]?.pause();
    members[2]?.stop();
    await clock.settle();
    expect(composite.health).toBe('unhealthy');
    members[1]?.pause({ assume: 'up' });
    await clock.settle();
    expect(composite.health).toBe('healthy');
    keeper.monitor('m2', scriptedProbe('-'));
    await clock.settle();
    expect(composite.health).toBe('unhealthy');
  });

  it('is judged through composites of composites', async () => {
    const { keeper, clock } = trio(['+', '-', '-'], 'any');
    keeper.monitor('own', scriptedProbe('+-'));
    const whole = keeper.composite('whole', { of: ['all', 'own'], need: 'all' });
    await clock.settle();
    expect(whole.health).toBe('healthy');
    await clock.advance(1_000);
    expect(whole.status).toMatchObject({ health: 'unhealthy', detail: '1 of 2 needed; own is unhealthy' });
  });

  it('waits for no turn of those that ask targets, and asks nothing by the clock (INV-47, INV-57)', async () => {
    const { keeper, clock, of } = createTestSupervisor({ maxChecks: 1, monitor: { timeoutMs: 60_000 } });
    keeper.monitor('good', scriptedProbe('+'));
    const composite = keeper.composite('all', { of: ['good'], need: 'all' });
    keeper.start();
    await clock.settle();
    keeper.monitor('silent', scriptedProbe('?'));
    const first = of('verdict.judged').filter(({ id }) => id === 'all').length;
    keeper.monitorOf('good')?.pause();
    keeper.monitorOf('good')?.resume();
    await clock.advance(50_000);
    expect(composite.health).toBe('starting');
    expect(of('verdict.judged').filter(({ id }) => id === 'all')).toHaveLength(first);
  });

  it('ends like any monitor, and leaves its members alone (INV-48)', async () => {
    const { keeper, clock, composite, members, events } = trio(['+', '+-', '+'], 'all');
    await clock.settle();
    composite.stop();
    await clock.settle();
    const said = events.filter((event) => 'id' in event && event.id === 'all').length;
    await clock.advance(5_000);
    expect(events.filter((event) => 'id' in event && event.id === 'all')).toHaveLength(said);
    expect(members.map(({ health }) => health)).toEqual(['healthy', 'unhealthy', 'healthy']);
    await keeper.stop();
    expect(clock.pending).toBe(0);
  });

  it('refuses members that do not run, circles, and needs that cannot be met', async () => {
    const { keeper, clock, composite } = trio(['+', '+', '+'], 'all');
    expect(() => keeper.composite('x', { of: ['m0', 'nobody'], need: 'all' })).toThrow(
      expect.objectContaining({ constructor: UnknownIdError, option: 'composite.of', id: 'nobody' }),
    );
    keeper.composite('outer', { of: ['all'], need: 'any' });
    keeper.monitorOf('m0')?.stop();
    await clock.settle();
    expect(() => keeper.composite('m0', { of: ['m1', 'outer'], need: 'any' })).toThrow(
      expect.objectContaining({ constructor: CycleError, path: ['m0', 'outer', 'all', 'm0'] }),
    );
    expect(() => keeper.composite('me', { of: ['me'], need: 'any' })).toThrow(CycleError);
    for (const wrong of [
      { of: [], need: 'all' },
      { of: ['m1', 'm1'], need: 'any' },
      { of: ['m1'], need: 2 },
      { of: ['m1'] },
    ]) {
      expect(() => keeper.composite('x', wrong as Composition)).toThrow(InvalidOptionError);
    }
    expect(() => keeper.composite('x', { of: ['m1'], need: 'any' }, { requiredFor: 1 as never })).toThrow(
      InvalidOptionError,
    );
    expect([composite.id, keeper.monitorOf('x')]).toEqual(['all', undefined]);
  });
});

describe('a composite with a panic threshold', () => {
  const judged = (scripts: readonly Health[], need: Composition['need'], panicThreshold?: number) =>
    judgeMembers(membersOf(scripts), need, panicThreshold);

  it('fails open where fewer members are good than the threshold, and says so (INV-116)', () => {
    const all = ['unhealthy', 'error', 'healthy', 'unhealthy'] as const;
    expect(judged(all, 2, 0.5)).toEqual({
      status: 'warn',
      detail:
        'panic: only 1 of 4 members are good, so all of them count; m0 is unhealthy, m1 is error, m3 is unhealthy',
      measured: { good: 1, members: 4, needed: 2, panic: 1 },
    });
    expect([judged(all, 2)?.status, judged(all, 2, 0)?.status, judged(all, 2, 0.25)?.status]).toEqual(
      Array(3).fill('fail'),
    );
    expect(judged(['unhealthy', 'unhealthy'], 'any', 0.01)?.status).toBe('warn');
  });

  it('changes nothing of what is met, not known yet, or not counted', () => {
    expect(judged(['healthy', 'unhealthy', 'unhealthy'], 'any', 0.9)?.status).toBe('pass');
    expect(judged(['starting', 'unhealthy', 'unhealthy'], 'any', 0.9)).toBeUndefined();
    expect(judged(['paused', 'paused', 'unhealthy', 'healthy'], 'all', 0.5)?.status).toBe('fail');
  });

  it('is degraded in a panic, ready, and unhealthy again when enough members are good for it to be their fault', async () => {
    const { keeper, clock } = createTestSupervisor({ monitor: { intervalMs: 1_000, jitter: 0, requiredFor: [] } });
    for (const [index, script] of ['-', '-', '-+'].entries()) keeper.monitor(`m${index}`, scriptedProbe(script));
    const composition = { of: ['m0', 'm1', 'm2'], need: 2 } as const;
    const calm = keeper.composite('calm', composition);
    const panicking = keeper.composite('panicking', composition, { panicThreshold: 0.3 });
    keeper.start();
    await clock.settle();
    expect([calm.health, panicking.health, panicking.status.alerting]).toEqual(['unhealthy', 'degraded', false]);
    await clock.advance(1_000);
    expect([calm.health, panicking.health]).toEqual(['unhealthy', 'unhealthy']);
  });

  it.each([-0.1, 1.1, '50%', null])('cannot have %j for it', (panicThreshold) => {
    const { keeper } = createTestSupervisor();
    keeper.monitor('api', scriptedProbe('+'));
    const given = { panicThreshold: panicThreshold as never };
    expect(() => keeper.composite('x', { of: ['api'], need: 'all' }, given)).toThrow(/composite\.panicThreshold/);
  });
});

describe('a probe that cannot tell', () => {
  it('is heard and judged neither way (INV-12)', async () => {
    const { clock, monitor, of, keeper } = startMonitor('-');
    await clock.settle();
    const before = monitor.status;
    const mute = defineProbe('mute', async () => {
      throw new UndecidedError('too few samples');
    });
    monitor.update({ probe: mute });
    await clock.advance(2_000);
    expect(monitor.status).toMatchObject({ health: 'starting', failures: 0 });
    expect(before.health).toBe('unhealthy');
    expect(of('verdict.discarded')).toMatchObject(Array(3).fill({ reason: 'undecided', detail: 'too few samples' }));
    expect(keeper.stats().lost).toMatchObject({ verdictsDiscarded: 3, checksFailed: 0 });
  });
});
