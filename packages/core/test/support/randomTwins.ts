import fc from 'fast-check';
import type { CompileOptions } from '../../src/compile/compileOptions.ts';
import { interpretedAndCompiled } from './interpretedAndCompiled.ts';
import { buildMachine, randomEvents, randomNode, randomOperations } from './randomMachine.ts';

/** Each machine is run under as many sequences of operations, each time with other tables. */
const tables: readonly CompileOptions[] = [
  {},
  { composeAbove: 0 },
  { composeAbove: 0, maxTableEntries: 40 },
  { maxTableEntries: 40 },
];

/** What random machines are subjected to, by name. */
export const operationsOf = {
  'under random events and waits': randomEvents,
  'saved and restored midway': randomOperations,
};

/**
 * Runs random machines interpreted and compiled.
 *
 * @param seed repeats a run whose seed a failure printed
 * @returns how many were compared
 * @throws Error with the two traces of the smallest machine found whose twins differ.
 */
export function compareRandomMachines(kind: keyof typeof operationsOf, cases: number, seed?: number): number {
  let run = 0;
  const sequences = fc.array(operationsOf[kind], { minLength: tables.length, maxLength: tables.length });
  fc.assert(
    fc.property(randomNode, sequences, (node, each) => {
      const machine = buildMachine(node);
      for (const [index, sequence] of each.entries()) {
        // One sequence is watched closely; in the others nobody inspects, as in most programs.
        const comparison = { closely: index === 0, options: tables[index] ?? {} };
        const { interpreted, compiled } = interpretedAndCompiled(machine, sequence, comparison);
        run++;
        const differing = interpreted.findIndex((line, at) => line !== compiled[at]);
        if (differing === -1 && interpreted.length === compiled.length) continue;
        throw new Error(`interpreted: ${interpreted[differing]}\ncompiled:    ${compiled[differing]}`);
      }
    }),
    { numRuns: Math.ceil(cases / tables.length), ...(seed === undefined ? {} : { seed }) },
  );
  return run;
}
