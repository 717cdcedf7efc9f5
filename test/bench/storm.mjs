// What a storm costs: all of so many topics change at once, for so many clients, one in a hundred of whom never takes what
// it is handed. Told, the processor time, the longest lag of the event loop, the time to the last client, the highest heap
// above rest, and how long /livez takes meanwhile.
//   node test/bench/storm.mjs [topics×clients …]
// `broadcasts` are published in one call after another, as the peers do it. `checks` are of targets that are asked every
// second, and all fail; `one poll` is of targets whose answers all come in one turn of the loop. Of these two, the processor
// time of a delivery is net of the same storm without clients, in a process of its own.
// Beside an EventEmitter with a Map for each client, RxJS with groupBy and auditTime, and two hubs in Go
// (test/bench/go/storm.go). Rooms of socket.io have no conflation and no clients without sockets: they are not compared.
import { fileURLToPath } from 'node:url';
import { buildGo } from './hub.mjs';
import { median } from './interleave.mjs';
import { report, short } from './report.mjs';
import { startTalking } from './serving/talk.mjs';

const asked = process.argv.slice(2).map((size) => size.split(/[x×]/).map(Number));
const sizes = [
  [500, 100],
  [1_000, 500],
  [3_000, 300],
  [3_000, 1_000],
  [10_000, 1_000],
  [1_000, 10_000],
];
const storms = 3;
/** Storms before, for engines that compile what runs often: until so much was told, but no more than so many. */
const warm = { told: 1_000_000, storms: 12 };
/** A timer for each topic and client: beyond so many it is out of memory. */
const mostTimers = 500_000;

const pathOf = (name) => fileURLToPath(new URL(`./storm/${name}.mjs`, import.meta.url));
const node = (system) => [process.execPath, ['--expose-gc', pathOf('systems'), system]];
const go = buildGo('storm');

const own = ['checks', 'one poll', 'broadcasts', 'broadcasts, lists', 'broadcasts, promises'].map(
  (kind) => `watchkeeper: ${kind}`,
);
const systems = {
  ...Object.fromEntries(own.map((system) => [system, node(system)])),
  'EventEmitter, a Map each': node('EventEmitter, a Map each'),
  'RxJS: groupBy, auditTime': node('RxJS: groupBy, auditTime'),
  ...(go.missing === undefined ? { 'Go: maps': [go.program, ['maps']], 'Go: log': [go.program, ['log']] } : {}),
};
const skipped = go.missing === undefined ? {} : { 'Go: maps': go.missing, 'Go: log': go.missing };

const medianOf = (measured, field) => median(measured.map((each) => each[field]));

/** Storms over one system; the medians, and what one topic costs it. */
async function measure([program, args], topics, clients, withSingle) {
  const system = await startTalking(program, [...args, String(topics), String(clients)]);
  const asker = await startTalking(process.execPath, [pathOf('asker'), system.ready]);
  const measured = [];
  const warmups = clients === 0 ? 2 : Math.min(warm.storms, Math.ceil(warm.told / (topics * clients)));
  for (let turn = -warmups; turn < storms; turn++) {
    await system.ask('rest');
    await asker.ask('arm');
    const cost = JSON.parse(await system.ask('storm'));
    const livez = JSON.parse(await asker.ask('took'));
    if (turn >= 0) measured.push({ ...cost, ...livez });
  }
  const single = withSingle ? Number(await system.ask('single')) : undefined;
  await Promise.all([asker.end(), system.end()]);
  const fields = Object.keys(measured[0]);
  return { ...Object.fromEntries(fields.map((field) => [field, medianOf(measured, field)])), single };
}

const rows = {};
for (const [topics, clients] of asked.length > 0 ? asked : sizes) {
  for (const [name, [program, args]] of Object.entries(systems)) {
    const row = `${topics} × ${clients}, ${name}`;
    if (name.startsWith('RxJS') && topics * clients > mostTimers) {
      skipped[row] = 'a timer for each topic and client is too many';
      continue;
    }
    const isOwn = name.startsWith('watchkeeper');
    const hasChecks = isOwn && !name.includes('broadcasts');
    const cost = await measure([program, args], topics, clients, isOwn && !name.includes('promises'));
    const idleMs = hasChecks ? (await measure([program, args], topics, 0, false)).cpuMs : 0;
    const perDelivery = (Math.max(0, cost.cpuMs - idleMs) * 1e6) / cost.told;
    rows[row] = {
      told: cost.told,
      'CPU, ms': short(cost.cpuMs),
      'CPU a delivery, net, ns': short(perDelivery),
      ...(cost.single === undefined ? {} : { 'times one topic': short(perDelivery / cost.single) }),
      ...(cost.lagMs === undefined ? {} : { 'worst lag, ms': short(cost.lagMs) }),
      'to the last client, ms': short(cost.tookMs),
      'heap above rest, MB': short(cost.heapMb),
      '/livez p99, ms': short(cost.p99Ms),
      '/livez max, ms': short(cost.maxMs),
    };
    console.log(row, JSON.stringify(rows[row]));
  }
}
report('storm', { rows, skipped, versions: { go: go.version } });
