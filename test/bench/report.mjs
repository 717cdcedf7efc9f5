// How every measurement is shown, and kept where `npm run bench -- --save` asks for it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

const results = new URL('./results/', import.meta.url);
const loadBefore = loadavg()[0];

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/**
 * Prints the rows as a table. With `BENCH_SAVE=1`, which `--save` sets, it keeps them in `results/<name>.json` with the day
 * and what they were measured on: pages quote these, so a run that only looks leaves them alone.
 *
 * @param {string} name
 * @param {{ rows: object, skipped?: Record<string, string>, versions?: object, [more: string]: unknown }} measured
 *   `skipped` names the peers that were not measured, and why.
 */
export function report(name, { rows, skipped = {}, versions = {}, ...more }) {
  console.table(rows);
  for (const [peer, reason] of Object.entries(skipped)) console.warn(`SKIPPED: ${peer}: ${reason}`);
  const kept = {
    date: new Date().toISOString().slice(0, 10),
    versions: { node: process.versions.node, xstate: versionOf('xstate'), rxjs: versionOf('rxjs'), ...versions },
    machine: `${cpus()[0]?.model}, ${availableParallelism()} cores`,
    load: { before: loadBefore, after: loadavg()[0] },
    rows,
    ...more,
    skipped,
  };
  if (process.env.BENCH_SAVE !== '1') {
    console.log(`Not kept: npm run bench -- --save ${name} writes results/${name}.json`);
    return;
  }
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL(`${name}.json`, results), `${JSON.stringify(kept, null, 2)}\n`);
}

/** Three digits are what a measurement is worth. */
export const short = (value) => Number(value.toPrecision(3));
