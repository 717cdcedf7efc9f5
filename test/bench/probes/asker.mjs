// One process that asks targets as fast as it can, so many at a time, and measures what that costs it.
import { systemClock } from '../../../packages/core/dist/index.js';
import { httpProbe } from '../../../packages/probes/dist/http.js';
import { tcpProbe } from '../../../packages/probes/dist/tcp.js';

const [kind, forMs, atOnce, ...ports] = process.argv.slice(2);
const host = '127.0.0.1';
const clock = systemClock();
const make = {
  tcp: (port) => tcpProbe({ host, port }),
  http: (port) => httpProbe({ url: `http://${host}:${port}/`, method: 'HEAD' }),
  'http, kept connections': (port) =>
    httpProbe({ url: `http://${host}:${port}/`, method: 'HEAD', keepAliveMs: 60_000 }),
}[kind];
const probes = ports.map((port) => make(Number(port)));

// The compiler of JavaScript is busy for some ten thousand rounds; the others are compiled already.
await ask(Infinity, 12_000);
const cpuBefore = process.cpuUsage();
const began = performance.now();
const checks = await ask(Number(forMs));
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
process.send({ checks, seconds, cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
process.disconnect();
// Kept connections may still be open; the measurement is over.
process.exit();

/** A deadline as monitors set it: on the wheel, with one timer of the host for all. */
async function within(ms, probe) {
  const abort = new AbortController();
  const timer = clock.setTimeout(() => abort.abort(), ms);
  try {
    return await probe(abort.signal);
  } finally {
    clock.clearTimeout(timer);
  }
}

async function ask(ms, most = Infinity) {
  const end = performance.now() + ms;
  let next = 0;
  let done = 0;
  const one = async () => {
    while (performance.now() < end && done < most) {
      const verdict = await within(5_000, probes[next++ % probes.length]);
      if (verdict.status !== 'pass') throw new Error(`A good target failed: ${verdict.detail}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, one));
  return done;
}
