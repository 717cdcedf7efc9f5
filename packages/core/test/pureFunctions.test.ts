import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HealthIndex } from '../src/aggregate/healthIndex.ts';
import { type Health, healths, isReady, type Plane, planes, worstHealth } from '../src/index.ts';
import { alertThreshold } from '../src/monitor/monitorOptions.ts';
import { staleReason } from '../src/monitor/staleness.ts';
import { noStreaks, type Outcome, streaksAfterCheck } from '../src/monitor/streaks.ts';
import { jittered } from '../src/runtime/random.ts';

describe('the worst health', () => {
  it.each<[Health[], Health, boolean]>([
    [[], 'healthy', true],
    [['healthy', 'degraded'], 'degraded', true],
    [['healthy', 'starting'], 'starting', false],
    [['degraded', 'unhealthy', 'error'], 'error', false],
    [['paused', 'healthy'], 'healthy', true],
    [['paused', 'stopped'], 'healthy', true],
    [['stale', 'reconnecting'], 'stale', false],
  ])('of %o is %s, ready %o', (all, worst, ready) => {
    expect([worstHealth(all), isReady(worstHealth(all))]).toEqual([worst, ready]);
  });
});

describe('the health index', () => {
  it('agrees with looking at every monitor, after any history', () => {
    const entry = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      act: fc.constantFrom('enter', 'remove', 'require'),
      health: fc.constantFrom(...healths),
      requiredFor: fc.subarray([...planes]),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (history) => {
        const index = new HealthIndex();
        const model = new Map<string, { health: Health; requiredFor: readonly Plane[] }>();
        for (const { id, act, health, requiredFor } of history) {
          const known = model.get(id);
          if (act === 'enter') {
            index.set(id, health, requiredFor);
            model.set(id, { health, requiredFor });
          } else if (act === 'remove') {
            index.remove(id);
            model.delete(id);
          } else {
            index.setRequiredFor(id, requiredFor);
            if (known !== undefined) model.set(id, { ...known, requiredFor });
          }
          const all = [...model.values()];
          const neededFor = (plane: Plane) =>
            all.filter((one) => one.requiredFor.includes(plane)).map((one) => one.health);
          expect(index.overall).toBe(worstHealth(neededFor('ready')));
          expect(index.ready).toBe(isReady(worstHealth(neededFor('ready'))));
          expect(index.judged).toBe(!neededFor('started').includes('starting'));
          expect(index.live).toBe(neededFor('live').every((one) => one !== 'unhealthy' && one !== 'error'));
          for (const each of healths)
            expect(index.counts()[each]).toBe(all.filter((one) => one.health === each).length);
        }
      }),
    );
  });
});

describe('streaks', () => {
  it('count only what ended last, and errors as failures too', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Outcome>('pass', 'warn', 'fail', 'error')), (outcomes) => {
        const last = (counts: (outcome: Outcome) => boolean) => {
          const index = outcomes.findLastIndex((outcome) => !counts(outcome));
          return outcomes.length - 1 - index;
        };
        expect(outcomes.reduce(streaksAfterCheck, noStreaks)).toEqual({
          passes: last((outcome) => outcome === 'pass' || outcome === 'warn'),
          failures: last((outcome) => outcome === 'fail' || outcome === 'error'),
          errors: last((outcome) => outcome === 'error'),
        });
      }),
    );
  });
});

describe('the alert threshold', () => {
  it.each([
    [0, 5_000, 3],
    [0, 15_000, 1],
    [0, 20_000, 1],
    [0, 1_000, 15],
    [-1, 1_000, 1],
    [7, 1_000, 7],
  ])('for alertAfter %i every %i ms is %i (INV-74)', (alertAfter, intervalMs, threshold) => {
    expect(alertThreshold({ alertAfter, intervalMs })).toBe(threshold);
  });
});

describe('staleness', () => {
  it('needs strictly more than its limits, and 0 switches a rule off (INV-41)', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(40), fc.nat(40), (age, idle, maxAgeMs, maxIdleMs) => {
        const stale = staleReason({ connectedAt: -age, activeAt: -idle, maxAgeMs, maxIdleMs }, 0) !== undefined;
        const tooOld = maxAgeMs > 0 && age > maxAgeMs && idle > maxIdleMs;
        const tooIdle = maxIdleMs > 0 && idle > maxIdleMs;
        expect(stale).toBe(tooOld || tooIdle);
      }),
    );
  });
});

describe('jitter', () => {
  it('stays within its share either way', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(1e6), fc.double({ min: 0, max: 1, noNaN: true }), draw, (intervalMs, share, drawn) => {
        const moved = jittered(intervalMs, share, drawn);
        expect(moved).toBeGreaterThanOrEqual(intervalMs * (1 - share) - 1e-6);
        expect(moved).toBeLessThanOrEqual(intervalMs * (1 + share) + 1e-6);
      }),
    );
  });
});
