import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DirectedGraph, findCycle } from '../src/aggregate/directedGraph.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];

describe('DirectedGraph', () => {
  it('finds all dependents of an id and never lets a cycle close, after any history', () => {
    const act = fc.record({
      id: fc.constantFrom(...ids),
      dependencies: fc.option(fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (history) => {
        const graph = new DirectedGraph();
        const model = new Map<string, readonly string[]>();
        const reaches = (from: string, to: string): boolean =>
          (model.get(from) ?? []).some((dependencies) => dependencies === to || reaches(dependencies, to));
        for (const { id, dependencies } of history) {
          if (dependencies === null) {
            graph.remove(id);
            model.delete(id);
          } else {
            const cycle = findCycle(id, dependencies, (other) => graph.dependenciesOf(other));
            const closes = dependencies.some((other) => other === id || reaches(other, id));
            expect(cycle !== undefined).toBe(closes);
            if (cycle !== undefined) {
              expect([cycle[0], cycle.at(-1), dependencies.includes(cycle[1] ?? '')]).toEqual([id, id, true]);
              for (const [index, step] of cycle.slice(1, -1).entries()) {
                expect(graph.dependenciesOf(step)).toContain(cycle[index + 2]);
              }
              continue;
            }
            graph.setDependencies(id, dependencies);
            model.set(id, dependencies);
          }
          for (const each of ids) {
            expect(graph.dependenciesOf(each)).toEqual(model.get(each) ?? []);
            expect([...graph.allDependentsOf(each)].sort()).toEqual(ids.filter((other) => reaches(other, each)));
            const direct = ids.filter((other) => model.get(other)?.includes(each));
            expect([...graph.dependentsOf(each)].sort()).toEqual(direct);
          }
        }
      }),
    );
  });
});
