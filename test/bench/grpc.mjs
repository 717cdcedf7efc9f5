// grpc.health.v1 Watch under load, beside grpc-health-check: the time from one flip to the last client that reads, and
// the growth of the heap while one in a hundred does not.
//   node test/bench/grpc.mjs [watches]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { loadavg } from 'node:os';
import { interleave, rowsOf } from './interleave.mjs';

const WATCHES = Number(process.argv[2] ?? 10_000);
const PER_CONNECTION = 500;
const STALLED = WATCHES / 100;
const FLIPS = 5_000;

/** A Watch of `service` as one message of the protocol. */
const watchOf = (service) => Buffer.from([0, 0, 0, 0, service.length + 2, 10, service.length, ...Buffer.from(service)]);

async function startServer(kind) {
  const child = fork(new URL('./grpc/server.mjs', import.meta.url), [kind], { execArgv: ['--expose-gc'] });
  const answer = async () => (await once(child, 'message'))[0].answer;
  const port = await answer();
  return {
    port,
    ask(command, rest = {}) {
      child.send({ command, ...rest });
      return answer();
    },
    stop: () => child.disconnect(),
  };
}

/** Opens Watches; `onWord` hears each message. Resolves when all have been answered. */
async function openWatches({ port, service, count, onWord, window }) {
  const sessions = [];
  for (let left = count; left > 0; left -= PER_CONNECTION) {
    const session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: window } });
    sessions.push(session);
    const opened = Array.from({ length: Math.min(left, PER_CONNECTION) }, () => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/grpc.health.v1.Health/Watch',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.on('data', onWord);
      stream.end(watchOf(service));
      return once(stream, 'response');
    });
    await Promise.all(opened);
  }
  return () => {
    for (const session of sessions) session.destroy();
  };
}

async function subject(kind) {
  const server = await startServer(kind);
  let words = 0;
  let onAll = () => {};
  const onWord = () => {
    words += 1;
    if (words === WATCHES - STALLED) onAll();
  };
  const allTold = () =>
    new Promise((resolve) => {
      words = 0;
      onAll = resolve;
    });
  const first = allTold();
  const hangUps = [
    await openWatches({ port: server.port, service: 'api', count: STALLED, onWord: () => {}, window: 0 }),
    await openWatches({ port: server.port, service: 'api', count: WATCHES - STALLED, onWord, window: 65_535 }),
  ];
  await first;
  let serving = true;
  return {
    async flip() {
      const told = allTold();
      serving = !serving;
      const startedAt = await server.ask('flip', { serving });
      await told;
      const ms = performance.timeOrigin + performance.now() - startedAt;
      return {
        [`one flip to the last of ${WATCHES - STALLED} who read, ms`]: ms,
        'processor time of the server for it, ms': await server.ask('cpuMs'),
      };
    },
    async churn() {
      hangUps.push(
        await openWatches({ port: server.port, service: 'noisy', count: STALLED, onWord: () => {}, window: 0 }),
      );
      const bytes = await server.ask('churn', { flips: FLIPS });
      return { [`heap growth by ${FLIPS} flips to ${STALLED} who do not read, MB`]: bytes / 1e6 };
    },
    stop() {
      for (const hangUp of hangUps) hangUp();
      server.stop();
    },
  };
}

const subjects = { ours: await subject('ours'), 'grpc-health-check': await subject('theirs') };
const each = (measure) => Object.fromEntries(Object.entries(subjects).map(([name, of]) => [name, () => of[measure]()]));
const flips = await interleave(each('flip'), { rounds: 9 });
const churns = await interleave(each('churn'), { rounds: 1, warmups: 0 });
for (const { stop } of Object.values(subjects)) stop();

const rows = rowsOf({ ...flips, ...churns }, 'ours');
console.table(rows);
writeFileSync(
  new URL('./results/grpc.json', import.meta.url),
  `${JSON.stringify({ node: process.version, load: Number(loadavg()[0].toFixed(2)), rows }, null, 2)}\n`,
);
process.exit();
