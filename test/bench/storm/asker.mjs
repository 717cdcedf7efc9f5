// Asks /livez again and again, in a process of its own, and says how long the answers took.
//   node test/bench/storm/asker.mjs <port>
import { Agent, get } from 'node:http';
import { answerLines } from '../serving/talk.mjs';

const [, , port] = process.argv;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let tookMs = [];

/** Resolves with what an answer took. One that never came, of a program that was held for too long, took that long. */
function ask() {
  return new Promise((resolve) => {
    const startMs = performance.now();
    const request = get({ host: '127.0.0.1', port, path: '/livez', agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - startMs));
    });
    request.on('error', () => resolve(performance.now() - startMs));
  });
}

async function askOn() {
  for (;;) {
    tookMs.push(await ask());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

await ask();
void askOn();
console.log('ready');
await answerLines({
  arm: () => {
    tookMs = [];
    return 'ok';
  },
  /** What the answers took since; one that is still waited for is waited for. */
  async took() {
    const before = tookMs.length;
    while (tookMs.length === before) await new Promise((resolve) => setTimeout(resolve, 1));
    const sorted = tookMs.toSorted((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return JSON.stringify({ p99Ms: at(0.99), maxMs: sorted.at(-1) });
  },
});
