import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildMachine, randomDeeds, randomNode } from './randomMachine.ts';
import { twins } from './twins.ts';

/** A nightly run sets WATCHKEEPER_CASES higher; WATCHKEEPER_SEED repeats a run whose seed a failure printed. */
const cases = Number(process.env['WATCHKEEPER_CASES'] ?? 20_000);
const seed = process.env['WATCHKEEPER_SEED'];
const SEQUENCES = 4;

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

it(`random machines under random events and waits do the same interpreted and compiled, ${cases} cases`, {
  timeout: 3_000 * cases,
}, () => {
  let run = 0;
  const sequences = fc.array(randomDeeds, { minLength: SEQUENCES, maxLength: SEQUENCES });
  fc.assert(
    fc.property(randomNode, sequences, (node, each) => {
      const machine = buildMachine(node);
      for (const deeds of each) {
        const { interpreted, compiled } = twins(machine, deeds);
        run++;
        if (interpreted.join() !== compiled.join()) expect(compiled).toEqual(interpreted);
      }
    }),
    { numRuns: Math.ceil(cases / SEQUENCES), ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
  expect(run).toBeGreaterThanOrEqual(cases);
});
