// Runs variants of one measurement in turns, so that what else the machine does falls on all of them alike.

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Calls every variant once a round, each round beginning with another one, and answers the median of what each returned.
 *
 * @param {Record<string, () => number | Promise<number>>} variants
 * @param {{ rounds: number, warmups?: number }} options
 */
export async function interleave(variants, { rounds, warmups = 2 }) {
  const names = Object.keys(variants);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmups; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmups) % names.length];
      const sample = await variants[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(samples[name])]));
}

/** Nanoseconds a call, of `calls` calls made by `run`. */
export function nsPerCall(calls, run) {
  const startMs = performance.now();
  run(calls);
  return ((performance.now() - startMs) * 1e6) / calls;
}
