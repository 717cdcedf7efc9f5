// What keeping time for 100 000 monitors costs: the wheel, a timer of the host for each, a binary heap.
//   node --expose-gc test/bench/timers.mjs
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../packages/core/dist/index.js';
import { HeapClock } from './heapClock.mjs';
import { interleave, nsPerCall } from './interleave.mjs';

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const MONITORS = 100_000;
const hosts = { setTimeout: (callback, ms) => setTimeout(callback, ms), clearTimeout: (timer) => clearTimeout(timer) };
const clocks = { wheel: systemClock(), setTimeout: hosts, heap: new HeapClock() };
const variants = (measure) =>
  Object.fromEntries(Object.entries(clocks).map(([name, clock]) => [name, () => measure(clock)]));

const jitter = (ms) => ms * (0.9 + 0.2 * Math.random());
const delays = Array.from({ length: 2 * MONITORS }, () => jitter(30_000));
const order = Array.from({ length: MONITORS }, (_, index) => index).sort(() => Math.random() - 0.5);
const nothing = () => {};

// One population for each clock, armed, re-armed and cancelled in a round of its own.
const arming = (stage) => (clock) => {
  const timers = new Array(MONITORS);
  const ns = { arm: 0, rearm: 0, cancel: 0 };
  gc();
  ns.arm = nsPerCall(MONITORS, (calls) => {
    for (let index = 0; index < calls; index++) timers[index] = clock.setTimeout(nothing, delays[index]);
  });
  ns.rearm = nsPerCall(MONITORS, (calls) => {
    for (let call = 0; call < calls; call++) {
      const index = order[call];
      clock.clearTimeout(timers[index]);
      timers[index] = clock.setTimeout(nothing, delays[MONITORS + index]);
    }
  });
  ns.cancel = nsPerCall(MONITORS, (calls) => {
    for (let call = 0; call < calls; call++) clock.clearTimeout(timers[order[call]]);
  });
  return ns[stage];
};

// A hundred times as fast: every monitor fires and re-arms itself every 300 ms or so.
const firing = (stage) => async (clock) => {
  let running = true;
  let fired = 0;
  for (let index = 0; index < MONITORS; index++) {
    const ms = delays[index] / 100;
    const beat = () => {
      fired++;
      if (running) clock.setTimeout(beat, ms);
    };
    clock.setTimeout(beat, ms * Math.random());
  }
  await sleep(500);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const cpu = process.cpuUsage();
  fired = 0;
  await sleep(2_000);
  const { user, system } = process.cpuUsage(cpu);
  loop.disable();
  const seen = { cpu: ((user + system) * 1_000) / fired, p99: loop.percentile(99) / 1e6 - 1, rate: fired / 2 };
  running = false;
  await sleep(400);
  return seen[stage];
};

const results = {};
for (const stage of ['arm', 'rearm', 'cancel']) {
  results[`${stage}, ns`] = await interleave(variants(arming(stage)), { rounds: 7 });
}
const rounds = { rounds: 3, warmups: 1 };
results['CPU a fire, ns'] = await interleave(variants(firing('cpu')), rounds);
results['event loop delay p99, ms'] = await interleave(variants(firing('p99')), rounds);
results['fires a second'] = await interleave(variants(firing('rate')), { rounds: 1, warmups: 0 });

const short = (value) => Number(value.toPrecision(4));
const rows = Object.fromEntries(
  Object.entries(results).map(([name, seen]) => [
    name,
    {
      wheel: short(seen.wheel),
      setTimeout: short(seen.setTimeout),
      heap: short(seen.heap),
      'setTimeout / wheel': short(seen.setTimeout / seen.wheel),
    },
  ]),
);
console.table(rows);
writeFileSync(
  new URL('./results/timers.json', import.meta.url),
  `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
);
process.exit(0);
