// What the inspector costs the program: 10 000 monitors at 5 000 transitions a second, without an inspector, with one that
// nobody opens, with one page open, and with one that watches an actor. The page is another process, so that its own work
// does not count. Time is virtual, so that every second is the same work, and the variants take turns each second: what
// else the machine does falls on all of them alike. The ratios are medians over the rounds.
//   node test/bench/inspector.mjs
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createSupervisor, defineProbe } from '../../packages/core/dist/index.js';
import { inspect } from '../../packages/inspector/dist/index.js';
import { VirtualClock } from '../../packages/testing/dist/index.js';
import { report, short } from './report.mjs';

const monitors = 10_000;
const rounds = 15;
const sliceMs = 100;

const clock = new VirtualClock();
const keeper = createSupervisor({ name: 'bench', clock });
const probe = defineProbe('at-once', async () => ({ status: 'pass' }));
// Two transitions a check: probing to waiting and back.
for (let index = 0; index < monitors; index++) keeper.monitor(`m/${index}`, probe, { intervalMs: 4_000, jitter: 0.5 });
keeper.start();
await clock.advance(9_000);

const script = new URL('./inspector/page.mjs', import.meta.url).pathname;
const page = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: page.stdout })[Symbol.asyncIterator]();
const tell = async (line) => {
  page.stdin.write(`${line}\n`);
  await answers.next();
};

const lookAway = async () => async () => {};

const serve = async () => {
  const inspector = await inspect(keeper, { port: 0, clock });
  return () => inspector.close();
};

/** One page, that watches the actor it is given, if any. */
const lookOn = (actorId) => async () => {
  const inspector = await inspect(keeper, { port: 0, clock });
  await tell(`open ${inspector.url} ${actorId}`);
  return async () => {
    await tell('close');
    await inspector.close();
  };
};

const watched = [...keeper.actors()][1].actorId;
const variants = Object.entries({
  'no inspector': lookAway,
  nobody: serve,
  'one page': lookOn(''),
  'one page, watching': lookOn(watched),
});

/** CPU of this process for one second of virtual time, in ms, while `look` lasts. */
async function measure(look) {
  const end = await look();
  const advance = async () => {
    for (let passedMs = 0; passedMs < 1_000; passedMs += sliceMs) await clock.advance(sliceMs);
  };
  await advance();
  const cpu = process.cpuUsage();
  await advance();
  const { user, system } = process.cpuUsage(cpu);
  await end();
  return (user + system) / 1_000;
}

const samples = Object.fromEntries(variants.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (let turn = 0; turn < variants.length; turn++) {
    const [name, look] = variants[(turn + round) % variants.length];
    samples[name].push(await measure(look));
  }
}
page.kill();

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const [[base], ...others] = variants;
const row = {
  ...Object.fromEntries(variants.map(([name]) => [name, short(median(samples[name]))])),
  ...Object.fromEntries(
    others.map(([name]) => [
      `${name} / ${base}`,
      short(median(samples[name].map((value, round) => value / samples[base][round]))),
    ]),
  ),
};
const rows = { 'CPU of the program, ms a second': row };
report('inspector', { rows, monitors });
process.exit(0);
