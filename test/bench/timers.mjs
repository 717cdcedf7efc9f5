// What keeping time for 100 000 monitors costs: the wheel, a timer of the host for each, a binary heap.
//   node --expose-gc test/bench/timers.mjs
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../packages/core/dist/index.js';
import { HeapClock } from './heapClock.mjs';
import { interleave, nsPerCall, rowsOf } from './interleave.mjs';
import { report } from './report.mjs';

if (globalThis.gc === undefined) throw new Error('Run with node --expose-gc');

const MONITORS = 100_000;
const host = { setTimeout: (callback, ms) => setTimeout(callback, ms), clearTimeout: (timer) => clearTimeout(timer) };
const clocks = { wheel: systemClock(), setTimeout: host, heap: new HeapClock() };
const variants = (measure) =>
  Object.fromEntries(Object.entries(clocks).map(([name, clock]) => [name, () => measure(clock)]));

// Delays of 30 s give or take a tenth, and an order that is nobody's order of arming.
const delays = Array.from({ length: 2 * MONITORS }, () => 30_000 * (0.9 + 0.2 * Math.random()));
const order = Array.from({ length: MONITORS }, (_, index) => index).sort(() => Math.random() - 0.5);
const nothing = () => {};

const arming = (clock) => {
  const timers = new Array(MONITORS);
  gc();
  const armed = nsPerCall(MONITORS, (calls) => {
    for (let index = 0; index < calls; index++) timers[index] = clock.setTimeout(nothing, delays[index]);
  });
  const rearmed = nsPerCall(MONITORS, () => {
    for (const index of order) {
      clock.clearTimeout(timers[index]);
      timers[index] = clock.setTimeout(nothing, delays[MONITORS + index]);
    }
  });
  const cancelled = nsPerCall(MONITORS, () => {
    for (const index of order) clock.clearTimeout(timers[index]);
  });
  return { 'arm, ns': armed, 're-arm, ns': rearmed, 'cancel, ns': cancelled };
};

// Every monitor fires and arms itself anew, `speedup` times as fast as every 30 s.
const firing = (label, monitors, speedup) => async (clock) => {
  let running = true;
  let fired = 0;
  for (let index = 0; index < monitors; index++) {
    const beat = () => {
      fired++;
      if (running) clock.setTimeout(beat, delays[fired % delays.length] / speedup);
    };
    clock.setTimeout(beat, (delays[index] / speedup) * Math.random());
  }
  const periodMs = 33_000 / speedup;
  await sleep(periodMs);
  const cpu = process.cpuUsage();
  fired = 0;
  await sleep(1_500);
  const { user, system } = process.cpuUsage(cpu);
  const seen = { [`${label}: CPU a fire, ns`]: ((user + system) * 1_000) / fired };
  // Looked at apart, for looking costs: the probe of the event loop wakes it every millisecond.
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  await sleep(1_000);
  loop.disable();
  seen[`${label}: event loop delay p99, ms`] = loop.percentile(99) / 1e6 - 1;
  running = false;
  await sleep(periodMs);
  return seen;
};

const medians = {
  ...(await interleave(variants(arming), { rounds: 9 })),
  ...(await interleave(variants(firing('333 000 fires/s', MONITORS, 100)), { rounds: 3 })),
  // The rate of 100 000 monitors in earnest: fewer of them, as much faster.
  ...(await interleave(variants(firing('3 333 fires/s', MONITORS / 30, 30)), { rounds: 3, warmups: 0 })),
};
report('timers', { rows: rowsOf(medians, 'wheel') });
process.exit(0);
