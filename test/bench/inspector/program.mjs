// A program for the inspector to show: so many monitors, that make so many transitions a second, two with each check. Every
// hundredth has trouble every other time. Prints the address of its inspector.
//   node test/bench/inspector/program.mjs <monitors> <transitions a second>
import { setTimeout as pass } from 'node:timers/promises';
import { createSupervisor, defineProbe } from '../../../packages/core/dist/index.js';
import { inspect } from '../../../packages/inspector/dist/index.js';

const [monitors, transitionsPerSecond] = process.argv.slice(2).map(Number);
const cycleMs = (monitors * 2 * 1_000) / transitionsPerSecond;

/** Half of the time, longer than between two looks however far apart they are: the page is told of both transitions. */
const latencyMs = cycleMs / 2;

const keeper = createSupervisor({ name: 'bench', maxChecks: monitors });
const options = { intervalMs: cycleMs - latencyMs, timeoutMs: cycleMs, jitter: 0.5 };
for (let index = 0; index < monitors; index++) {
  let checks = 0;
  const probe = defineProbe('steady', async () => {
    await pass(latencyMs);
    checks += 1;
    return { status: index % 100 === 0 && checks % 2 === 0 ? 'warn' : 'pass', latencyMs };
  });
  keeper.monitor(`group-${index % 40}/m-${index}`, probe, options);
}
keeper.start();
const { url } = await inspect(keeper, { port: 0 });
console.log(url);
