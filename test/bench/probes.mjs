// Checks per second and CPU per check against 1 000 loopback targets, beside blackbox_exporter and HAProxy.
//   node test/bench/probes.mjs [seconds]
// Each asker is one process that may use one core; HTTP is HEAD over a new connection unless it says otherwise.
// HAProxy keeps its own pace, so its column of checks per second is what it was told, not what it could.
// The others are found on the search path, or through BLACKBOX_EXPORTER and HAPROXY.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { measureBlackbox } from './probes/blackbox.mjs';
import { cadence, summary } from './probes/cadence.mjs';
import { measureHaproxy } from './probes/haproxy.mjs';
import { report } from './report.mjs';

const forMs = Number(process.argv[2] ?? 3) * 1_000;
const atOnce = 64;
const everyMs = 500;
const rounds = 3;

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

const variants = {
  'tcp: watchkeeper': () => measureOurs('tcp'),
  'tcp: blackbox_exporter': () => measureBlackbox('tcp', ports, forMs, atOnce),
  'tcp: HAProxy': () => measureHaproxy('tcp', ports, forMs, everyMs, countConnections),
  'http: watchkeeper': () => measureOurs('http'),
  'http: watchkeeper, kept connections': () => measureOurs('http, kept connections'),
  'http: blackbox_exporter': () => measureBlackbox('http', ports, forMs, atOnce),
  'http: HAProxy': () => measureHaproxy('http', ports, forMs, everyMs, countConnections),
};
const rows = {};
const skipped = {};
// By turns, and the best of each: what else the machine does can only add to the cost of a check.
for (let round = 0; round < rounds; round += 1) {
  for (const [name, measure] of Object.entries(variants)) {
    const measured = await measure();
    if (measured === undefined) {
      skipped[name] = 'it is not installed';
      rows[name] = { 'checks/s': 'SKIPPED' };
      delete variants[name];
      continue;
    }
    const best = rows[name] ?? { 'checks/s': 0, 'CPU µs/check': Infinity };
    rows[name] = {
      'checks/s': Math.max(best['checks/s'], Math.round(measured.checks / measured.seconds)),
      'CPU µs/check': Math.min(best['CPU µs/check'], Number((measured.cpuMicros / measured.checks).toFixed(1))),
    };
  }
}
// By turns, so that what else the machine does falls on both alike.
const samples = new Map([0, 20].map((silent) => [silent, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const [silent, late] of samples) late.push(...(await cadence(silent, ports.slice(0, 20), forMs / 2)));
}
const lateness = Object.fromEntries(
  [...samples].map(([silent, late]) => [`${silent} silent beside 20 good`, summary(late)]),
);
console.table(lateness);
targets.disconnect();
report('probes', { rows, skipped, lateness });
