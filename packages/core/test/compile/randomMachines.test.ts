/** Random machines under the same operations, interpreted and compiled: half the cases for each of two kinds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CompileOptions } from '../../src/compile/compileOptions.ts';
import { interpretedAndCompiled } from '../support/interpretedAndCompiled.ts';
import { buildMachine, randomEvents, randomNode, randomOperations } from '../support/randomMachine.ts';

/** A nightly run sets WATCHKEEPER_CASES higher; WATCHKEEPER_SEED repeats a run whose seed a failure printed. */
const cases = Number(process.env['WATCHKEEPER_CASES'] ?? 20_000) / 2;
const seed = process.env['WATCHKEEPER_SEED'];

/** Each machine is run under as many sequences of operations, each time with other tables. */
const tables: readonly CompileOptions[] = [
  {},
  { composeAbove: 0 },
  { composeAbove: 0, maxTableEntries: 40 },
  { maxTableEntries: 40 },
];
const SEQUENCES = tables.length;

it.each([
  ['under random events and waits', randomEvents],
  ['saved and restored midway', randomOperations],
])(
  `random machines %s do the same interpreted and compiled, ${cases} cases`,
  { timeout: 3_000 * cases },
  (_, operations) => {
    let run = 0;
    const sequences = fc.array(operations, { minLength: SEQUENCES, maxLength: SEQUENCES });
    fc.assert(
      fc.property(randomNode, sequences, (node, each) => {
        const machine = buildMachine(node);
        for (const [index, sequence] of each.entries()) {
          // One sequence is watched closely; in the others nobody inspects, as in most programs.
          const { interpreted, compiled } = interpretedAndCompiled(machine, sequence, {
            closely: index === 0,
            options: tables[index] ?? {},
          });
          run++;
          if (interpreted.join() !== compiled.join()) expect(compiled).toEqual(interpreted);
        }
      }),
      { numRuns: Math.ceil(cases / SEQUENCES), ...(seed === undefined ? {} : { seed: Number(seed) }) },
    );
    expect(run).toBeGreaterThanOrEqual(cases);
  },
);
