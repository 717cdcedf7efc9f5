// Whether silent targets delay the checks of others: how late each check of a good target begins (INV-47).
import { createServer } from 'node:net';
import { createSupervisor, defineProbe } from '../../../packages/core/dist/index.js';
import { httpProbe } from '../../../packages/probes/dist/http.js';
import { tcpProbe } from '../../../packages/probes/dist/tcp.js';

const intervalMs = 100;
const timeoutMs = 300;

/** How late each check of the good targets began beside so many silent ones, in milliseconds. */
export async function cadence(silentCount, goodPorts, forMs) {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${silent.address().port}/`;
  const keeper = createSupervisor();
  keeper.start();
  const options = { intervalMs, timeoutMs, jitter: 0 };
  for (let index = 0; index < silentCount; index += 1) keeper.monitor(`silent ${index}`, httpProbe({ url }), options);
  const lateMs = [];
  for (const port of goodPorts) {
    const ask = tcpProbe({ host: '127.0.0.1', port });
    let endedAt;
    const timed = defineProbe(ask.name, async (signal) => {
      if (endedAt !== undefined) lateMs.push(performance.now() - endedAt - intervalMs);
      const verdict = await ask(signal);
      endedAt = performance.now();
      return verdict;
    });
    keeper.monitor(ask.name, timed, options);
  }
  await new Promise((resolve) => setTimeout(resolve, forMs));
  await keeper.stop();
  silent.close();
  return lateMs;
}

export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
  return { checks: sorted.length, 'late p50, ms': at(0.5), 'late p99, ms': at(0.99), 'late max, ms': at(1) };
}
