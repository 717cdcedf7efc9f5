// One server of the serving bench, in a process of its own: says its port, then answers `flip`, `churn` and `heap`.
//   node --expose-gc test/bench/serving/servers.mjs <kind>
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor, defineProbe } from '@watchkeeper/core';
import { healthService } from '@watchkeeper/grpc';
import { sseFeed } from '@watchkeeper/http';
import { createHub } from '@watchkeeper/websocket';
import { HealthImplementation } from 'grpc-health-check';
import { WebSocketServer } from 'ws';
import { answerLines } from './talk.mjs';

const dayMs = 24 * 60 * 60 * 1_000;
const host = '127.0.0.1';

// Who does not read is the subject: nobody is to be evicted, and nothing is to be sent but what is measured.
const patient = { notifier: { stallAfterMs: dayMs, evictAfterMs: dayMs } };

const noticeOf = (n, bytes) => ({
  type: 'health',
  topic: 'db',
  health: n % 2 === 0 ? 'healthy' : 'degraded',
  ...(bytes === 0 ? {} : { detail: 'x'.repeat(bytes) }),
});

async function listenHttp(server) {
  server.listen(0, host, 4_096);
  await once(server, 'listening');
  return server.address().port;
}

function listenGrpc(server) {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:0`, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function startKeeper(options = patient) {
  const keeper = createSupervisor(options);
  keeper.start();
  return keeper;
}

/** A monitor whose verdicts are told by hand: the health of a gRPC service is that of its monitor. */
function tellingMonitor(keeper, id) {
  let status = 'pass';
  const probe = defineProbe(id, async () => ({ status }));
  const monitor = keeper.monitor(id, probe, { intervalMs: dayMs, failureThreshold: 1, successThreshold: 1 });
  return (n) => {
    status = n % 2 === 0 ? 'pass' : 'fail';
    monitor.check();
  };
}

/** Every kind says where it listens and how all its clients are told. */
const kinds = {
  async hub() {
    const keeper = startKeeper();
    const server = createServer();
    createHub(keeper, { ...patient, pingIntervalMs: 0 }).attach(server);
    return { ports: [await listenHttp(server)], keeper, tell: (n, bytes) => keeper.broadcast(noticeOf(n, bytes)) };
  },
  async loop() {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    const tell = (n, bytes) => {
      const text = JSON.stringify({ ...noticeOf(n, bytes), seq: n, at: Date.now() });
      for (const socket of sockets.clients) socket.send(text);
    };
    return { ports: [await listenHttp(server)], tell };
  },
  async feed() {
    const keeper = startKeeper();
    const server = createServer(sseFeed(keeper, { ...patient, keepAliveMs: 0 }));
    return { ports: [await listenHttp(server)], keeper, tell: (n, bytes) => keeper.broadcast(noticeOf(n, bytes)) };
  },
  async watch() {
    const keeper = startKeeper();
    const server = new Server();
    const { definition, implementation } = healthService(keeper, patient);
    server.addService(definition, implementation);
    return { ports: [await listenGrpc(server)], tell: tellingMonitor(keeper, 'api') };
  },
  async healthCheck() {
    const server = new Server();
    const health = new HealthImplementation({ api: 'SERVING' });
    health.addToServer(server);
    const tell = (n) => health.setStatus('api', n % 2 === 0 ? 'SERVING' : 'NOT_SERVING');
    return { ports: [await listenGrpc(server)], tell };
  },
  /** All three transports on one supervisor, to be drained. */
  async mixed() {
    const keeper = startKeeper({});
    const http = createServer(sseFeed(keeper));
    createHub(keeper).attach(http, '/ws');
    const grpc = new Server();
    const { definition, implementation } = healthService(keeper);
    grpc.addService(definition, implementation);
    tellingMonitor(keeper, 'api');
    return { ports: [await listenHttp(http), await listenGrpc(grpc)], keeper };
  },
};

const { ports, tell, keeper } = await kinds[process.argv[2]]();
let told = 0;
console.log(ports.join(' '));

await answerLines({
  flip() {
    told += 1;
    tell(told, 0);
    return 'told';
  },
  /** Tells many times, each in its own turn. */
  async churn(flips, bytes) {
    for (let flip = 0; flip < Number(flips); flip += 1) {
      told += 1;
      tell(told, Number(bytes));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return 'told';
  },
  /** Changes so many topics at once; the nanoseconds of the processor a notice, until all is in the hands of the system. */
  async storm(topics) {
    told += 1;
    const health = told % 2 === 0 ? 'healthy' : 'degraded';
    let notices = 0;
    let left = Number(topics);
    const { user, system } = process.cpuUsage();
    await new Promise((resolve) => {
      const listening = keeper.notable$.subscribe((event) => {
        if (event.type !== 'notice.converged') return;
        notices += event.notifiers;
        left -= 1;
        if (left > 0) return;
        listening.unsubscribe();
        resolve();
      });
      for (let topic = 0; topic < topics; topic++) {
        keeper.broadcast({ type: 'health', topic: `target ${topic}`, health });
      }
    });
    const after = process.cpuUsage();
    return ((after.user - user + after.system - system) * 1_000) / notices;
  },
  heap() {
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  async drain(graceMs, deadlineMs) {
    const { open } = keeper.stats().sessions;
    const report = await keeper.drain({ graceMs: Number(graceMs), deadlineMs: Number(deadlineMs) });
    return JSON.stringify({ open, report });
  },
});
