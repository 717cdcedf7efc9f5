// One server of the benchmark, in a process of its own: `ours` or `theirs`.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { createSupervisor } from '../../../packages/core/dist/index.js';
import { healthService } from '../../../packages/grpc/dist/index.js';

const server = new Server();
const setStatus = process.argv[2] === 'ours' ? serveOurs() : serveTheirs();

function serveOurs() {
  const keeper = createSupervisor();
  // The stalled are the subject: they are to stay.
  const { definition, implementation } = healthService(keeper, { notifier: { evictAfterMs: 600_000 } });
  server.addService(definition, implementation);
  const verdicts = {};
  const monitors = {};
  for (const name of ['api', 'noisy']) {
    verdicts[name] = 'pass';
    monitors[name] = keeper.monitor(name, async () => ({ status: verdicts[name] }), {
      intervalMs: 600_000,
      failureThreshold: 1,
    });
  }
  keeper.start();
  return (name, serving) => {
    verdicts[name] = serving ? 'pass' : 'fail';
    monitors[name].check();
  };
}

function serveTheirs() {
  const health = new HealthImplementation({ api: 'SERVING', noisy: 'SERVING' });
  health.addToServer(server);
  return (name, serving) => health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
}

const heapBytes = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

let cpuAtFlip = process.cpuUsage();

const commands = {
  /** Flips once; answers when it began. */
  flip({ serving }) {
    cpuAtFlip = process.cpuUsage();
    const at = performance.timeOrigin + performance.now();
    setStatus('api', serving);
    return at;
  },
  /** Processor time since the last flip, in milliseconds. */
  cpuMs() {
    const { user, system } = process.cpuUsage(cpuAtFlip);
    return (user + system) / 1_000;
  },
  /** Flips many times, each in its own turn; answers by how much the heap grew. */
  async churn({ flips }) {
    const before = heapBytes();
    for (let flip = 0; flip < flips; flip++) {
      setStatus('noisy', flip % 2 === 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return heapBytes() - before;
  },
};

process.on('message', async ({ command, ...rest }) => process.send({ answer: await commands[command](rest) }));
process.on('disconnect', () => process.exit());
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.send({ answer: port });
});
