import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Composition, judgeMembers, type Member } from '../src/aggregate/composition.ts';
import { defineProbe, InvalidOptionError, type Verdict } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const member = (weight: number, health: Member['health'] = 'healthy'): Member => ({ id: `${weight}`, health, weight });

/** Monitors that answer what they are told to, and a composite of them. */
function weighed(need: Composition['need'], verdicts: Record<string, Verdict>) {
  const kept = createTestSupervisor({ monitor: { intervalMs: 1_000, jitter: 0 } });
  for (const id of Object.keys(verdicts)) {
    kept.keeper.monitor(
      id,
      defineProbe(id, async () => verdicts[id] ?? { status: 'fail' }),
    );
  }
  const composite = kept.keeper.composite('all', { of: Object.keys(verdicts), need });
  kept.keeper.start();
  return { ...kept, composite, verdicts };
}

describe('the verdict over weights', () => {
  it.each<[readonly Member[], number, string | undefined]>([
    [[member(0.5), member(0.5)], 1, 'pass'],
    [[member(0.7), member(0.1), member(0.2)], 1, 'pass'],
    [[member(0.5), member(0.4)], 1, 'fail'],
    [[member(1), member(1, 'degraded')], 1.5, 'warn'],
    [[member(1), member(1, 'unhealthy')], 1.5, 'fail'],
    [[member(0.5), member(1, 'starting')], 1, undefined],
    [[member(0), member(1, 'paused')], 1, 'fail'],
  ])('of %o needing %d is %s', (members, weight, status) => {
    expect(judgeMembers(members, { weight })?.status).toBe(status);
  });

  it('says what the members can do together, as a share of them', () => {
    expect(judgeMembers([member(0.5), member(1, 'degraded'), member(1, 'error')], 'any')).toMatchObject({
      status: 'pass',
      weight: 0.5,
    });
    expect(judgeMembers([member(1), member(1)], 'all')).not.toHaveProperty('weight');
  });

  it('is the verdict over numbers where all weigh one', () => {
    const healths = fc.constantFrom('healthy', 'degraded', 'unhealthy', 'starting', 'paused' as const);
    fc.assert(
      fc.property(fc.array(healths, { maxLength: 6 }), fc.integer({ min: 1, max: 6 }), (all, weight) => {
        const members = all.map((health) => member(1, health));
        expect(judgeMembers(members, { weight })).toEqual(judgeMembers(members, weight));
      }),
    );
  });
});

describe('a weight', () => {
  it('is part of the status, and nothing while the target is not ready', async () => {
    const { keeper, clock, verdicts } = weighed('any', { a: { status: 'pass', weight: 0.25 }, b: { status: 'warn' } });
    expect(keeper.monitorOf('a')?.status.weight).toBe(0);
    await clock.settle();
    expect(keeper.statuses().map(({ id, weight }) => [id, weight])).toEqual([
      ['a', 0.25],
      ['b', 1],
      ['all', 0.625],
    ]);
    verdicts['a'] = { status: 'fail' };
    await clock.advance(1_000);
    expect(keeper.monitorOf('a')?.status.weight).toBe(0);
  });

  it('that changes is news to composites, though the health of its monitor is not', async () => {
    const { keeper, clock, composite, verdicts, of } = weighed(
      { weight: 1.5 },
      { a: { status: 'pass' }, b: { status: 'pass', weight: 0.5 } },
    );
    const above = keeper.composite('above', { of: ['all'], need: { weight: 0.7 } });
    await clock.settle();
    expect([composite.health, above.health, above.status.weight]).toEqual(['healthy', 'healthy', 0.75]);
    verdicts['b'] = { status: 'pass', weight: 0.25 };
    await clock.advance(1_000);
    expect([composite.health, above.health, keeper.monitorOf('b')?.health]).toEqual([
      'unhealthy',
      'unhealthy',
      'healthy',
    ]);
    expect(composite.status.detail).toContain('1.25 of 1.5 needed');
    const judged = of('verdict.judged').filter(({ id }) => id === 'all').length;
    await clock.advance(5_000);
    expect(of('verdict.judged').filter(({ id }) => id === 'all')).toHaveLength(judged);
    verdicts['b'] = { status: 'pass' };
    await clock.advance(1_000);
    expect([composite.health, above.health]).toEqual(['healthy', 'healthy']);
  });

  it('that is none breaks the check, and one that members could never reach is refused', async () => {
    const { keeper, clock, of } = weighed('any', { a: { status: 'pass', weight: 2 } });
    await clock.settle();
    expect(of('check.failed')).toMatchObject([{ id: 'a' }]);
    for (const weight of [0, -1, Number.NaN, 1.5, '1' as never]) {
      expect(() => keeper.composite('more', { of: ['a'], need: { weight } })).toThrow(
        expect.objectContaining({ constructor: InvalidOptionError, option: 'composite.need' }),
      );
    }
  });
});
