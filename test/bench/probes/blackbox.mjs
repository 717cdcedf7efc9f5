// prometheus-blackbox-exporter: asked by HTTP for one check at a time, as Prometheus does.
import { Agent, request } from 'node:http';
import { cpuMicrosOf, find, freePort, start, writeTemporary } from './program.mjs';

const modules = `modules:
  tcp: { prober: tcp }
  http: { prober: http, http: { method: HEAD, follow_redirects: false } }
`;

/** Undefined where the program is not installed. */
export async function measureBlackbox(kind, ports, forMs, atOnce) {
  const program = find('prometheus-blackbox-exporter', 'BLACKBOX_EXPORTER');
  if (program === undefined) return undefined;
  const at = await freePort();
  const config = writeTemporary('blackbox.yml', modules);
  const args = [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${at}`, '--log.level=error'];
  const child = start(program, args, { GOMAXPROCS: '1' });
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const ask = (port) =>
    new Promise((resolve, reject) => {
      const target = kind === 'http' ? `http://127.0.0.1:${port}/` : `127.0.0.1:${port}`;
      const path = `/probe?module=${kind}&target=${encodeURIComponent(target)}`;
      request({ host: '127.0.0.1', port: at, path, agent }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve(body.includes('\nprobe_success 1')));
      })
        .on('error', reject)
        .end();
    });
  try {
    await child.accepts(at);
    const run = async (ms) => {
      const end = performance.now() + ms;
      let next = 0;
      let done = 0;
      const one = async () => {
        while (performance.now() < end) {
          if (!(await ask(ports[next++ % ports.length]))) throw new Error('blackbox_exporter failed a good target');
          done += 1;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, one));
      return done;
    };
    await run(300);
    const before = cpuMicrosOf(child.pid);
    const began = performance.now();
    const checks = await run(forMs);
    const seconds = (performance.now() - began) / 1_000;
    return { checks, seconds, cpuMicros: cpuMicrosOf(child.pid) - before };
  } finally {
    agent.destroy();
    child.end();
  }
}
