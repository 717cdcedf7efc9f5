// Checks per second and CPU per check against 1 000 loopback targets, beside blackbox_exporter and HAProxy.
//   node test/bench/probes.mjs [seconds]
// Each asker is one process that may use one core; HTTP is HEAD over a new connection unless it says otherwise.
// HAProxy keeps its own pace, so its column of checks per second is what it was told, not what it could.
// The others are found on the search path, or through BLACKBOX_EXPORTER and HAPROXY.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { measureBlackbox } from './probes/blackbox.mjs';
import { cadence } from './probes/cadence.mjs';
import { measureHaproxy } from './probes/haproxy.mjs';

const forMs = Number(process.argv[2] ?? 5) * 1_000;
const atOnce = 64;
const everyMs = 500;

const beside = (name) => new URL(`./probes/${name}`, import.meta.url);
const targets = fork(beside('targets.mjs'), ['1000']);
const [ports] = await once(targets, 'message');
const countConnections = async () => {
  targets.send('count');
  const [connections] = await once(targets, 'message');
  return connections;
};
const measureOurs = async (kind) => {
  const asker = fork(beside('asker.mjs'), [kind, forMs, atOnce, ...ports].map(String));
  const [measured] = await once(asker, 'message');
  return measured;
};

const rows = {};
const note = (name, measured) => {
  if (measured === undefined) return console.warn(`SKIPPED: ${name} is not installed, so nothing is compared with it`);
  rows[name] = {
    'checks/s': Math.round(measured.checks / measured.seconds),
    'CPU µs/check': Number((measured.cpuMicros / measured.checks).toFixed(1)),
  };
};
for (const kind of ['tcp', 'http']) {
  note(`${kind}: watchkeeper`, await measureOurs(kind));
  if (kind === 'http') note('http: watchkeeper, kept connections', await measureOurs('http, kept connections'));
  note(`${kind}: blackbox_exporter`, await measureBlackbox(kind, ports, forMs, atOnce));
  note(`${kind}: HAProxy`, await measureHaproxy(kind, ports, forMs, everyMs, countConnections));
}
console.table(rows);

const lateness = {};
for (const silent of [0, 20])
  lateness[`${silent} silent beside 20 good`] = await cadence(silent, ports.slice(0, 20), forMs);
console.table(lateness);

targets.disconnect();
const machine = `${cpus()[0]?.model}, ${availableParallelism()} cores`;
writeFileSync(
  new URL('./results/probes.json', import.meta.url),
  `${JSON.stringify({ node: process.version, machine, rows, lateness }, null, 2)}\n`,
);
