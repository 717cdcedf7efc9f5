// What serving costs beside what others do, over real sockets of loopback, one client in a hundred not reading: the
// time from one flip of health to the last client that reads, the processor time and the memory of the server for it.
//   node test/bench/serving.mjs [clients]
// Servers and their clients are processes of their own. Beside the shortest broadcast loop on ws, grpc-health-check, and
// an SSE hub in Go in the design of the program this framework grew out of. At the end, 10 000 mixed clients are drained.
import { fileURLToPath } from 'node:url';
import { buildGo } from './hub.mjs';
import { interleave } from './interleave.mjs';
import { cpuMicrosOf } from './probes/program.mjs';
import { report, short } from './report.mjs';
import { startTalking } from './serving/talk.mjs';

const clients = Number(process.argv[2] ?? 10_000);
const silent = Math.ceil(clients / 100);
const rounds = 15;
const warmups = 5;
const drain = { graceMs: 10_000, deadlineMs: 25_000 };

const pathOf = (name) => fileURLToPath(new URL(`./serving/${name}.mjs`, import.meta.url));
const node = (kind) => [process.execPath, ['--expose-gc', pathOf('servers'), kind]];
const go = buildGo('sse');

/**
 * Each transport with its servers, ours first. `stall` is what those who do not read are told to see whose memory grows:
 * much, to few, for the host's own buffers take the first megabytes for each socket.
 */
const races = {
  WebSocket: {
    kind: 'webSocket',
    servers: { watchkeeper: node('hub'), 'bare ws loop': node('loop') },
    stall: { clients: 100, silent: 10, flips: 4_000, bytes: 4_096 },
  },
  'gRPC Watch': {
    kind: 'watch',
    servers: { watchkeeper: node('watch'), 'grpc-health-check': node('healthCheck') },
    stall: { clients: 200, silent: 100, flips: 5_000, bytes: 0 },
  },
  SSE: {
    kind: 'eventStream',
    servers: {
      watchkeeper: node('feed'),
      ...(go.missing === undefined ? { 'Go, a goroutine per client': [go.program, []] } : {}),
    },
    stall: { clients: 100, silent: 10, flips: 4_000, bytes: 4_096 },
  },
};

const populate = (kind, port, all, quiet) =>
  startTalking(process.execPath, [pathOf('clients'), kind, port, String(all), String(quiet)]);

async function start([program, args], kind, all, quiet) {
  const server = await startTalking(program, args);
  const population = await populate(kind, server.ready, all, quiet);
  return {
    server,
    population,
    async end() {
      await Promise.all([population.end(), server.end()]);
    },
  };
}

/** From the word to the last client that reads; the way of the word to the server is in it, for all alike. */
async function flip({ server, population }) {
  await population.ask('arm');
  const startedAt = process.hrtime.bigint();
  await server.ask('flip');
  const endedAt = BigInt(await population.hear());
  return { ms: Number(endedAt - startedAt) / 1e6 };
}

const heapOf = async ({ server }) => Number(await server.ask('heap'));

async function race(kind, servers) {
  const worlds = {};
  for (const [name, program] of Object.entries(servers)) worlds[name] = await start(program, kind, clients, silent);
  const each = (measure) => Object.fromEntries(Object.entries(worlds).map(([name, world]) => [name, measure(world)]));
  await interleave(
    each((world) => () => flip(world)),
    { rounds: warmups, warmups: 0 },
  );
  const cpuBefore = each(({ server }) => cpuMicrosOf(server.pid));
  const { ms } = await interleave(
    each((world) => () => flip(world)),
    { rounds, warmups: 0 },
  );
  const figures = {};
  for (const [name, world] of Object.entries(worlds)) {
    figures[name] = {
      'flip to the last, ms': short(ms[name]),
      'watchkeeper / this': short(ms.watchkeeper / ms[name]),
      'CPU of the server, ms': short((cpuMicrosOf(world.server.pid) - cpuBefore[name]) / 1e3 / rounds),
      'heap per client, kB': short((await heapOf(world)) / 1e3 / clients),
    };
  }
  for (const world of Object.values(worlds)) await world.end();
  return figures;
}

async function growth(kind, program, stall) {
  const world = await start(program, kind, stall.clients, stall.silent);
  const before = await heapOf(world);
  await world.server.ask(`churn ${stall.flips} ${stall.bytes}`);
  const after = await heapOf(world);
  await world.end();
  return short((after - before) / 1e6);
}

/** A thousand of ten thousand take nothing and answer nothing. The report is to add up to everybody. */
async function drainMixed() {
  const [program, args] = node('mixed');
  const server = await startTalking(program, args);
  const [http, grpc] = server.ready.split(' ');
  const shares = [
    ['webSocket', http, 0.4],
    ['eventStream', http, 0.3],
    ['watch', grpc, 0.3],
  ];
  const populations = [];
  for (const [kind, port, share] of shares) {
    populations.push(await populate(kind, port, clients * share, (clients * share) / 10));
  }
  const { open, report: drained } = JSON.parse(await server.ask(`drain ${drain.graceMs} ${drain.deadlineMs}`));
  for (const { end } of [...populations, server]) await end();
  const { total, early, forced } = drained.sessions;
  if (open !== clients || total !== clients || early + forced !== total) {
    throw new Error(`The report does not add up to ${clients}: ${JSON.stringify({ open, drained })}`);
  }
  if (drained.durationMs > drain.deadlineMs) throw new Error(`The drain took ${drained.durationMs} ms`);
  return { ...drain, durationMs: drained.durationMs, ...drained.sessions, reason: drained.reason };
}

const rows = {};
for (const [transport, { kind, servers, stall }] of Object.entries(races)) {
  const figures = await race(kind, servers);
  for (const [name, figure] of Object.entries(figures)) {
    const grown = await growth(kind, servers[name], stall);
    rows[`${transport}: ${name}`] = { ...figure, 'heap grown by the stall, MB': grown };
  }
}
const drained = await drainMixed();
console.log('drain:', drained);
const skipped = go.missing === undefined ? {} : { 'Go, a goroutine per client': go.missing };
report('serving', { rows, clients, silent, drained, skipped, versions: { go: go.version } });
