// One system under a storm, in a process of its own: so many topics change at once, for so many clients, of whom one in a
// hundred never takes what it is handed. It answers /livez meanwhile, and says what the storm cost.
//   node test/bench/storm/systems.mjs <system> <topics> <clients>
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSupervisor } from '@watchkeeper/core';
import { healthRoutes } from '@watchkeeper/http';
import { auditTime, groupBy, mergeMap, Subject } from 'rxjs';
import { median } from '../interleave.mjs';
import { answerLines } from '../serving/talk.mjs';

const dayMs = 24 * 60 * 60 * 1_000;
const never = new Promise(() => {});
const [, , name, topicCount, clientCount] = process.argv;
const topics = Array.from({ length: Number(topicCount) }, (_, index) => `target ${index}`);
const clients = Number(clientCount);
const stalled = (index) => index % 100 === 0;
const healthy = clients - Math.ceil(clients / 100);

/** Counts what the healthy clients are told of a code, and ends with the last. */
const tally = { code: '', left: Number.POSITIVE_INFINITY, told: 0, end: () => {} };

/** Waits until the healthy clients were told `code` of so many topics each. */
function allTold(code, count) {
  return new Promise((resolve) => {
    Object.assign(tally, { code, left: count * healthy, told: 0, end: resolve });
    if (tally.left === 0) resolve();
  });
}

function tell(code, topic) {
  tally.told += 1;
  if (code !== tally.code || topic === '') return;
  tally.left -= 1;
  if (tally.left === 0) tally.end();
}

/** Clients of a supervisor. `taking` is what a healthy one answers: nothing, or a promise that is kept in a later turn. */
function addClients(keeper, taking) {
  for (let index = 0; index < clients; index++) {
    const deliver = stalled(index)
      ? (_notice) => never
      : (notice) => {
          tell(notice.health, notice.topic);
          return taking();
        };
    keeper.notifier(`client ${index}`, deliver);
  }
}

/** Clients that are handed what waits as a list. */
function addBatchClients(keeper) {
  for (let index = 0; index < clients; index++) {
    const deliver = stalled(index)
      ? (_notices) => never
      : (notices) => {
          for (const { health, topic } of notices) tell(health, topic);
        };
    keeper.notifier(`client ${index}`, deliver, { batch: 256 });
  }
}

const later = () => new Promise((resolve) => setImmediate(resolve));

function watchkeeper(begin, taking) {
  const keeper = createSupervisor({ notifier: { stallAfterMs: dayMs, evictAfterMs: dayMs } });
  keeper.start();
  const publish = begin(keeper);
  if (taking === 'lists') addBatchClients(keeper);
  else addClients(keeper, taking ?? (() => undefined));
  const unhealthy = () => keeper.stats().monitors.byHealth.unhealthy;
  return { publish, one: (health) => keeper.broadcast({ type: 'health', topic: 'one', health }), keeper, unhealthy };
}

/** Targets that are checked every second, each in its time. */
function checks(keeper) {
  let code = 'healthy';
  const probe = async () => (code === 'healthy' ? { status: 'pass' } : { status: 'fail' });
  for (const topic of topics) keeper.monitor(topic, probe, { intervalMs: 1_000, staggerMs: 1_000 });
  return (next) => {
    code = next;
  };
}

/** Targets that answer late, as many as may be asked at once, whose answers then all come in one turn of the loop. */
function onePoll(keeper) {
  const asked = [];
  let verdict = { status: 'pass' };
  let isLate = false;
  const probe = () => (isLate ? new Promise((resolve) => asked.push(resolve)) : Promise.resolve(verdict));
  for (const topic of topics) keeper.monitor(topic, probe, { intervalMs: 500, timeoutMs: dayMs });
  beLate = () => {
    isLate = true;
  };
  return (code) => {
    isLate = false;
    verdict = { status: code === 'healthy' ? 'pass' : 'fail' };
    for (const answer of asked.splice(0)) answer(verdict);
  };
}

let beLate = () => {};

function broadcasts(keeper) {
  return (health) => {
    for (const topic of topics) keeper.broadcast({ type: 'health', topic, health });
  };
}

/** Each client with a map of what waits, which it is handed in the next turn. */
function eventEmitter() {
  const emitter = new EventEmitter().setMaxListeners(0);
  for (let index = 0; index < clients; index++) {
    const waiting = new Map();
    let isDue = false;
    const flush = () => {
      isDue = false;
      if (stalled(index)) return;
      for (const { topic, code } of waiting.values()) tell(code, topic);
      waiting.clear();
    };
    emitter.on('change', (change) => {
      waiting.set(change.topic, change);
      if (isDue) return;
      isDue = true;
      setImmediate(flush);
    });
  }
  return publisher((change) => emitter.emit('change', change));
}

function rxjs() {
  const source = new Subject();
  for (let index = 0; index < clients; index++) {
    const latest = source.pipe(
      groupBy(({ topic }) => topic),
      mergeMap((changes) => changes.pipe(auditTime(0))),
    );
    latest.subscribe(stalled(index) ? () => {} : ({ topic, code }) => tell(code, topic));
  }
  return publisher((change) => source.next(change));
}

const publisher = (send) => ({
  publish: (code) => {
    for (const topic of topics) send({ topic, code });
  },
  one: (code) => send({ topic: 'one', code }),
});

const systems = {
  'watchkeeper: broadcasts': () => watchkeeper(broadcasts),
  'watchkeeper: broadcasts, lists': () => watchkeeper(broadcasts, 'lists'),
  'watchkeeper: broadcasts, promises': () => watchkeeper(broadcasts, later),
  'watchkeeper: checks': () => watchkeeper(checks),
  'watchkeeper: one poll': () => watchkeeper(onePoll),
  'EventEmitter, a Map each': eventEmitter,
  'RxJS: groupBy, auditTime': rxjs,
};

const { publish, one, keeper, unhealthy } = systems[name]();
const answer = (_request, response) => response.end('ok');
const server = createServer(keeper === undefined ? answer : healthRoutes(keeper)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs until `ended`; what that took of the processor and of time, the longest lag, and the highest heap above rest. */
async function measure(ended) {
  const restBytes = process.memoryUsage().heapUsed;
  let peakBytes = restBytes;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await pause(20);
  delay.enable();
  await pause(20);
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed);
  }, 10);
  delay.reset();
  // The first look after a reset only begins to count.
  await pause(5);
  const startMs = performance.now();
  const start = process.cpuUsage();
  await ended();
  const { user, system } = process.cpuUsage(start);
  const tookMs = performance.now() - startMs;
  peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed);
  await pause(5);
  delay.disable();
  clearInterval(look);
  return { cpuMs: (user + system) / 1_000, tookMs, lagMs: delay.max / 1e6 - 1, heapMb: (peakBytes - restBytes) / 1e6 };
}

let code = 'healthy';

console.log(server.address().port);
await answerLines({
  /** Until nothing moves any more. */
  rest: async () => {
    beLate();
    await pause(name.includes('watchkeeper') && !name.includes('broadcasts') ? 1_200 : 100);
    globalThis.gc();
    await pause(100);
    return 'ok';
  },
  async storm() {
    code = code === 'healthy' ? 'unhealthy' : 'healthy';
    const end = allTold(code, topics.length);
    const judged = code === 'healthy' ? 0 : topics.length;
    const measured = await measure(async () => {
      publish(code);
      await end;
      while (unhealthy !== undefined && !name.includes('broadcasts') && unhealthy() !== judged) await pause(5);
    });
    return JSON.stringify({ ...measured, told: tally.told });
  },
  /** Nanoseconds of the processor a delivery of one topic. */
  async single() {
    const costs = [];
    for (let round = 0; round < 15; round++) {
      const rounds = Math.max(1, Math.ceil(200_000 / Math.max(1, healthy)));
      const start = process.cpuUsage();
      for (let turn = 0; turn < rounds; turn++) {
        const next = turn % 2 === 0 ? 'degraded' : 'healthy';
        const end = allTold(next, 1);
        one(next);
        await end;
      }
      const { user, system } = process.cpuUsage(start);
      costs.push(((user + system) * 1_000) / (rounds * healthy));
    }
    return median(costs);
  },
});
