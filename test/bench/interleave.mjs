// Runs variants of one measurement in turns, so that what else the machine does falls on all of them alike.
import { short } from './report.mjs';

/** The middle one. */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Calls every variant once a round, each round beginning with another one. A variant answers what it measured, by name;
 * the medians come back as `{ [measured]: { [variant]: median } }`.
 *
 * @param {Record<string, () => Record<string, number> | Promise<Record<string, number>>>} variants
 * @param {{ rounds: number, warmups?: number }} options
 */
export async function interleave(variants, { rounds, warmups = 1 }) {
  const names = Object.keys(variants);
  const samples = {};
  for (let round = -warmups; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmups) % names.length];
      for (const [measured, value] of Object.entries(await variants[name]())) {
        if (round < 0) continue;
        samples[measured] ??= Object.fromEntries(names.map((each) => [each, []]));
        samples[measured][name].push(value);
      }
    }
  }
  const medians = (byName) => Object.fromEntries(names.map((name) => [name, median(byName[name])]));
  return Object.fromEntries(Object.entries(samples).map(([measured, byName]) => [measured, medians(byName)]));
}

/** Nanoseconds a call, of `calls` calls made by `run`. */
export function nsPerCall(calls, run) {
  const startMs = performance.now();
  run(calls);
  return ((performance.now() - startMs) * 1e6) / calls;
}

/** The medians as rows to print and to keep: `base` beside each variant, and how many times less it takes. */
export function rowsOf(medians, base) {
  const row = (byName) => {
    const others = Object.entries(byName).filter(([name]) => name !== base);
    const values = Object.entries(byName).map(([name, value]) => [name, short(value)]);
    const ratios = others.map(([name, value]) => [`${name} / ${base}`, short(value / byName[base])]);
    return Object.fromEntries([...values, ...ratios]);
  };
  return Object.fromEntries(Object.entries(medians).map(([measured, byName]) => [measured, row(byName)]));
}
