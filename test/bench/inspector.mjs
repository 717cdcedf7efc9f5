// What the inspector costs the program: 10 000 monitors at 5 000 transitions a second, without an inspector, with one that
// nobody opens, with one page open, and with one that watches an actor. The page is another process, so that its own work
// does not count.
//   node test/bench/inspector.mjs
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSupervisor, defineProbe } from '../../packages/core/dist/index.js';
import { inspect } from '../../packages/inspector/dist/index.js';
import { interleave, rowsOf } from './interleave.mjs';

const monitors = 10_000;
const windowMs = 2_000;

const keeper = createSupervisor({ name: 'bench' });
const probe = defineProbe('at-once', async () => ({ status: 'pass' }));
// Two transitions a check: probing to waiting and back.
for (let index = 0; index < monitors; index++) keeper.monitor(`m/${index}`, probe, { intervalMs: 4_000, jitter: 0.5 });
keeper.start();
await sleep(6_000);

/** CPU of this process, in ms for each second, while `look` lasts. */
const measure = (look) => async () => {
  const end = await look();
  await sleep(500);
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await sleep(windowMs);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startMs) / 1_000;
  await end();
  await sleep(200);
  return { 'CPU of the program, ms a second': (user + system) / 1_000 / seconds };
};

const lookAway = async () => () => {};

const serve = async () => {
  const inspector = await inspect(keeper, { port: 0 });
  return () => inspector.close();
};

/** One page, that watches the actor it is given, if any. */
const lookOn = (actorId) => async () => {
  const inspector = await inspect(keeper, { port: 0 });
  const page = await openPage(inspector.url, actorId);
  return () => {
    page.kill();
    return inspector.close();
  };
};

/** Opens a WebSocket as the page does, in a process of its own, and reads all it is sent. */
function openPage(url, actorId) {
  const script = new URL('./inspector/page.mjs', import.meta.url).pathname;
  const page = spawn(process.execPath, [script, url, actorId], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) => page.stdout.once('data', () => resolve(page)));
}

const watched = [...keeper.actors()][1].actorId;
const medians = await interleave(
  {
    'no inspector': measure(lookAway),
    nobody: measure(serve),
    'one page': measure(lookOn('')),
    'one page, watching': measure(lookOn(watched)),
  },
  { rounds: 9 },
);
const rows = rowsOf(medians, 'no inspector');
console.table(rows);
mkdirSync(new URL('./results/', import.meta.url), { recursive: true });
const result = { node: process.version, load: Number(loadavg()[0].toFixed(2)), monitors, rows };
writeFileSync(new URL('./results/inspector.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
process.exit(0);
