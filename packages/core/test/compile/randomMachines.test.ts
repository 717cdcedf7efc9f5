/** Random machines under the same operations, interpreted and compiled, on both builds of XState. */
import { beforeAll, expect, it } from 'vitest';
import { productionTwins } from '../support/productionBuild.ts';
import { compareRandomMachines, type operationsOf } from '../support/randomTwins.ts';

/** A nightly run sets WATCHKEEPER_CASES higher; WATCHKEEPER_SEED repeats a run whose seed a failure printed. */
const cases = Number(process.env['WATCHKEEPER_CASES'] ?? 20_000) / 4;
const seed = process.env['WATCHKEEPER_SEED'];

const builds: Record<string, typeof compareRandomMachines> = { development: compareRandomMachines };

beforeAll(async () => {
  builds['production'] = (await productionTwins()).compareRandomMachines;
});

it.each<[keyof typeof operationsOf, string]>([
  ['under random events and waits', 'development'],
  ['saved and restored midway', 'development'],
  ['under random events and waits', 'production'],
  ['saved and restored midway', 'production'],
])(
  `random machines %s do the same interpreted and compiled, on the build for %s, ${cases} cases`,
  { timeout: 3_000 * cases },
  (kind, build) => {
    const run = builds[build]?.(kind, cases, seed === undefined ? undefined : Number(seed));
    expect(run).toBeGreaterThanOrEqual(cases);
  },
);
