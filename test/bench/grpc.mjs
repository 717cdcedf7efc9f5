// grpc.health.v1 Watch under load, beside grpc-health-check: the time from one flip to the last client that reads, and
// the growth of the heap while one in a hundred does not.
//   node test/bench/grpc.mjs [watches]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { interleave } from './interleave.mjs';

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
    async flipMs() {
      const told = allTold();
      serving = !serving;
      const startedAt = await server.ask('flip', { serving });
      await told;
      return performance.timeOrigin + performance.now() - startedAt;
    },
    async growthBytes() {
      hangUps.push(
        await openWatches({ port: server.port, service: 'noisy', count: STALLED, onWord: () => {}, window: 0 }),
      );
      return server.ask('churn', { flips: FLIPS });
    },
    stop() {
      for (const hangUp of hangUps) hangUp();
      server.stop();
    },
  };
}

const subjects = { ours: await subject('ours'), theirs: await subject('theirs') };
const ms = await interleave(Object.fromEntries(Object.entries(subjects).map(([name, { flipMs }]) => [name, flipMs])), {
  rounds: 9,
});
const growth = { ours: await subjects.ours.growthBytes(), theirs: await subjects.theirs.growthBytes() };
for (const { stop } of Object.values(subjects)) stop();

const row = (of, digits) => ({
  ours: Number(of.ours.toFixed(digits)),
  'grpc-health-check': Number(of.theirs.toFixed(digits)),
});
const rows = {
  [`one flip to the last of ${WATCHES - STALLED} who read, ms`]: row(ms, 1),
  [`heap growth by ${FLIPS} flips to ${STALLED} who do not, MB`]: row(
    { ours: growth.ours / 1e6, theirs: growth.theirs / 1e6 },
    2,
  ),
};
console.table(rows);
writeFileSync(
  new URL('./results/grpc.json', import.meta.url),
  `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
);
process.exit();
