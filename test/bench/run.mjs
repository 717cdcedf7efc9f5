// Runs the measurements named on the command line, or all, one after another, each in a process of its own.
// Results are kept, in test/bench/results, only with --save.
//   npm run bench [-- [--save] name …]
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

/** By name, the flags of Node each needs. */
const benches = {
  compile: ['--expose-gc'],
  lean: ['--expose-gc'],
  timers: ['--expose-gc'],
  broadcast: [],
  storm: [],
  memory: ['--expose-gc'],
  drain: ['--expose-gc'],
  observation: [],
  laws: [],
  serving: [],
  probes: [],
  inspector: [],
  'inspector-page': [],
};

const args = process.argv.slice(2);
const env = { ...process.env, BENCH_SAVE: args.includes('--save') ? '1' : '' };
const asked = args.filter((arg) => arg !== '--save');
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}

const failed = [];
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const load = loadavg()[0];
  console.log(`\n${name} (load ${load.toFixed(1)})`);
  if (load > availableParallelism()) console.warn('The machine is busy: believe the ratios, not the figures.');
  const path = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  const { status } = spawnSync(process.execPath, [...benches[name], path], { stdio: 'inherit', env });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`);
  process.exit(1);
}
