import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleOf, Relations } from '../src/aggregate/directedGraph.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];

describe('relations', () => {
  it('find whoever rests on an id and never let a circle close, after any history', () => {
    const act = fc.record({
      id: fc.constantFrom(...ids),
      below: fc.option(fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (history) => {
        const relations = new Relations();
        const model = new Map<string, readonly string[]>();
        const reaches = (from: string, to: string): boolean =>
          (model.get(from) ?? []).some((below) => below === to || reaches(below, to));
        for (const { id, below } of history) {
          if (below === null) {
            relations.remove(id);
            model.delete(id);
          } else {
            const cycle = cycleOf(id, below, (other) => relations.below(other));
            const closes = below.some((other) => other === id || reaches(other, id));
            expect(cycle !== undefined).toBe(closes);
            if (cycle !== undefined) {
              expect([cycle[0], cycle.at(-1), below.includes(cycle[1] ?? '')]).toEqual([id, id, true]);
              for (const [index, step] of cycle.slice(1, -1).entries()) {
                expect(relations.below(step)).toContain(cycle[index + 2]);
              }
              continue;
            }
            relations.enter(id, below);
            model.set(id, below);
          }
          for (const each of ids) {
            expect(relations.below(each)).toEqual(model.get(each) ?? []);
            expect([...relations.allAbove(each)].sort()).toEqual(ids.filter((other) => reaches(other, each)));
            const direct = ids.filter((other) => model.get(other)?.includes(each));
            expect([...relations.above(each)].sort()).toEqual(direct);
          }
        }
      }),
    );
  });
});
