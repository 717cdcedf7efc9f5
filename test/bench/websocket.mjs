// What the hub costs beside the shortest broadcast loop on ws: both on loopback, 1 % of the clients not reading.
//   node test/bench/websocket.mjs [clients …]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { createSupervisor } from '../../packages/core/dist/index.js';
import { createHub } from '../../packages/websocket/dist/index.js';
import { interleave } from './interleave.mjs';

const { WebSocketServer } = createRequire(new URL('../../packages/websocket/package.json', import.meta.url))('ws');

const noticeOf = (n, detail) => ({
  type: 'health',
  topic: 'db',
  health: n % 2 === 0 ? 'healthy' : 'degraded',
  ...(detail === 0 ? {} : { detail: 'x'.repeat(detail) }),
});

/** Each kind of server takes over an HTTP server and answers how to tell all clients. */
const kinds = {
  hub: (server) => {
    // A stalled client is to stay for as long as the measurement lasts: in both, nobody is evicted.
    const keeper = createSupervisor({ notifier: { stallAfterMs: 3_600_000 } });
    createHub(keeper, { pingIntervalMs: 0, notifier: { stallAfterMs: 3_600_000 } }).attach(server);
    keeper.start();
    return (notice) => keeper.broadcast(notice);
  },
  'bare loop': (server) => {
    const sockets = new WebSocketServer({ server });
    let seq = 0;
    return (notice) => {
      const text = JSON.stringify({ ...notice, seq: ++seq, at: Date.now() });
      for (const socket of sockets.clients) socket.send(text);
    };
  },
};

async function serve(kind) {
  const server = createServer();
  const tellAll = kinds[kind](server);
  server.listen(0, '127.0.0.1', 4_096);
  await once(server, 'listening');
  process.send({ port: server.address().port });
  let n = 0;
  process.on('message', async ({ flips = 0, detail = 0, paceMs, memory }) => {
    if (memory) {
      gc();
      const { heapUsed, external, rss } = process.memoryUsage();
      process.send({ heap: heapUsed + external, rss });
      return;
    }
    const cpu = process.cpuUsage();
    const at = process.hrtime.bigint();
    for (let flip = 0; flip < flips; flip += 1) {
      n += 1;
      tellAll(noticeOf(n, detail));
      if (paceMs !== undefined) await new Promise((resolve) => setTimeout(resolve, paceMs));
    }
    // What is still to be written is written in the turns after this one.
    setTimeout(() => {
      const { user, system } = process.cpuUsage(cpu);
      process.send({ at: String(at), cpuMs: (user + system) / 1_000 });
    }, 1_000);
  });
}

/** Bare TCP clients, so that the clients weigh as little as they can in what is measured. */
async function populate(port, clients, silent) {
  const request =
    'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  let round = 0;
  let left = 0;
  for (let made = 0; made < clients; made += 200) {
    const batch = Array.from({ length: Math.min(200, clients - made) }, async (_, index) => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(request);
      await once(socket, 'readable');
      if (made + index < silent) return;
      let heard = 0;
      socket.on('data', () => {
        if (heard === round) return;
        heard = round;
        left -= 1;
        if (left === 0) process.send({ last: String(process.hrtime.bigint()) });
      });
    });
    await Promise.all(batch);
  }
  process.on('message', () => {
    round += 1;
    left = clients - silent;
    process.send({ armed: true });
  });
  setTimeout(() => process.send({ ready: true }), 1_000);
}

const answer = async (child, message) => {
  const next = once(child, 'message');
  if (message !== undefined) child.send(message);
  const [reply] = await next;
  return reply;
};

/** One kind of server with its clients, each in a process of its own. */
async function start(kind, clients, silent) {
  const file = new URL(import.meta.url);
  const server = fork(file, ['serve', kind], { execArgv: ['--expose-gc'] });
  const { port } = await answer(server);
  const population = fork(file, ['populate', port, clients, silent]);
  await answer(population);
  const end = () => {
    for (const child of [server, population]) child.kill();
  };
  return { server, population, end };
}

/** Milliseconds from one flip to the last client that reads, and the server's CPU time for it. */
async function flip({ server, population }) {
  await answer(population, {});
  const last = answer(population);
  const { at, cpuMs } = await answer(server, { flips: 1 });
  return { ms: Number(BigInt((await last).last) - BigInt(at)) / 1e6, cpuMs };
}

const ratio = (hub, bare) => Number((hub / bare).toFixed(2));
const round = (value) => Number(value.toFixed(1));

async function timeToLast(clients, rounds) {
  const worlds = {};
  for (const kind of Object.keys(kinds)) worlds[kind] = await start(kind, clients, clients / 100);
  const cpu = { hub: [], 'bare loop': [] };
  const variants = Object.fromEntries(
    Object.entries(worlds).map(([kind, world]) => [
      kind,
      async () => {
        const { ms, cpuMs } = await flip(world);
        cpu[kind].push(cpuMs);
        return ms;
      },
    ]),
  );
  const ms = await interleave(variants, { rounds, warmups: 4 });
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const heap = {};
  for (const [kind, world] of Object.entries(worlds)) heap[kind] = (await answer(world.server, { memory: true })).heap;
  for (const world of Object.values(worlds)) world.end();
  const cpuMs = { hub: median(cpu.hub.slice(4)), 'bare loop': median(cpu['bare loop'].slice(4)) };
  return {
    [`${clients} clients: one flip to the last that reads, ms`]: ms,
    [`${clients} clients: CPU of the server for it, ms`]: cpuMs,
    [`${clients} clients: heap of the server, MB`]: { hub: heap.hub / 1e6, 'bare loop': heap['bare loop'] / 1e6 },
  };
}

/** What a hundred clients, ten of them not reading, make of the heap in 4 000 changes of 4 kB. */
async function growth() {
  const grown = {};
  for (const kind of Object.keys(kinds)) {
    const world = await start(kind, 100, 10);
    const before = await answer(world.server, { memory: true });
    await answer(world.server, { flips: 4_000, detail: 4_096, paceMs: 1 });
    const after = await answer(world.server, { memory: true });
    grown[kind] = (after.heap - before.heap) / 1e6;
    world.end();
  }
  return { 'heap after 4000 changes of 4 kB with 10 of 100 not reading, MB more': grown };
}

const [role, ...rest] = process.argv.slice(2);
// A child ends with its parent, however that ends.
process.on('disconnect', () => process.exit());
if (role === 'serve') await serve(rest[0]);
else if (role === 'populate') await populate(...rest.map(Number));
else {
  const sizes = [role, ...rest].filter((size) => size !== undefined).map(Number);
  const results = {};
  for (const clients of sizes.length === 0 ? [1_000, 10_000] : sizes) {
    Object.assign(results, await timeToLast(clients, clients > 2_000 ? 9 : 21));
  }
  Object.assign(results, await growth());
  const rows = Object.fromEntries(
    Object.entries(results).map(([name, { hub, 'bare loop': bare }]) => [
      name,
      { hub: round(hub), 'bare loop': round(bare), ratio: ratio(hub, bare) },
    ]),
  );
  console.table(rows);
  writeFileSync(
    new URL('./results/websocket.json', import.meta.url),
    `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
  );
}
