import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveHealth, isDown, rootCauseOf } from '../src/aggregate/rootCause.ts';
import { type Health, healths, isReady } from '../src/index.ts';

describe('a root cause', () => {
  it('is down, is depended on, and rests on nothing that is down; there is one exactly when anything below is down', () => {
    const size = 7;
    const graph = fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size });
    const all = fc.array(fc.constantFrom<Health>(...healths), { minLength: size, maxLength: size });
    fc.assert(
      fc.property(graph, all, (edges, health) => {
        // Only towards smaller numbers, so that there are no circles.
        const dependenciesOf = (id: string) =>
          (edges[Number(id)] ?? []).filter((below) => below < Number(id)).map(String);
        const healthOf = (id: string) => health[Number(id)];
        const everyBelow = (id: string): string[] =>
          dependenciesOf(id).flatMap((below) => [below, ...everyBelow(below)]);
        for (let id = 0; id < size; id++) {
          const below = everyBelow(String(id));
          const cause = rootCauseOf(String(id), { dependenciesOf, healthOf });
          expect(cause !== undefined).toBe(below.some((each) => isDown(healthOf(each))));
          if (cause === undefined) continue;
          expect(below).toContain(cause);
          expect(isDown(healthOf(cause))).toBe(true);
          expect(everyBelow(cause).some((each) => isDown(healthOf(each)))).toBe(false);
        }
      }),
    );
  });

  it('takes from what works what can be counted on, and changes nothing else', () => {
    for (const health of healths) {
      expect(effectiveHealth(health, undefined)).toBe(health);
      expect(effectiveHealth(health, 'network')).toBe(isReady(health) && health !== 'paused' ? 'unhealthy' : health);
    }
  });
});
