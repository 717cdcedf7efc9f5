/** Random machines told the same under XState's interpreter and compiled: half the cases for each of the two kinds. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { buildMachine, randomNode } from './randomMachine.ts';
import { type Deed, twins } from './twins.ts';

/** A nightly run sets WATCHKEEPER_CASES higher; WATCHKEEPER_SEED repeats a run whose seed a failure printed. */
export const cases = Number(process.env['WATCHKEEPER_CASES'] ?? 20_000) / 2;
const seed = process.env['WATCHKEEPER_SEED'];
const SEQUENCES = 4;

export function expectTwins(deeds: fc.Arbitrary<Deed[]>): void {
  let run = 0;
  const sequences = fc.array(deeds, { minLength: SEQUENCES, maxLength: SEQUENCES });
  fc.assert(
    fc.property(randomNode, sequences, (node, each) => {
      const machine = buildMachine(node);
      for (const [index, deeds] of each.entries()) {
        // One sequence is watched closely; in the others nobody inspects, as in most programs.
        const { interpreted, compiled } = twins(machine, deeds, { closely: index === 0 });
        run++;
        if (interpreted.join() !== compiled.join()) expect(compiled).toEqual(interpreted);
      }
    }),
    { numRuns: Math.ceil(cases / SEQUENCES), ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
  expect(run).toBeGreaterThanOrEqual(cases);
}
