// HAProxy: every target is a server of one backend, checked on its own timer. The targets count its HTTP checks; its
// TCP checks end with a reset in the middle of the handshake, which no server sees, so they are reckoned from the pace.
import { cpuMicrosOf, find, freePort, start, writeTemporary } from './program.mjs';

/** Undefined where the program is not installed. */
export async function measureHaproxy(kind, ports, forMs, everyMs, countConnections) {
  const program = find('haproxy', 'HAPROXY');
  if (program === undefined) return undefined;
  const at = await freePort();
  const config = writeTemporary(
    'haproxy.cfg',
    `global
  nbthread 1
  maxconn 4000
defaults
  mode ${kind}
  timeout connect 2s
  timeout client 5s
  timeout server 5s
  timeout check 2s
frontend door
  bind 127.0.0.1:${at}
  default_backend targets
backend targets
${kind === 'http' ? '  option httpchk HEAD /\n' : ''}${ports
  .map((port, index) => `  server s${index} 127.0.0.1:${port} check inter ${everyMs}ms`)
  .join('\n')}
`,
  );
  const child = start(program, ['-db', '-f', config]);
  try {
    await child.accepts(at);
    // The first round spreads the checks over the interval.
    await new Promise((resolve) => setTimeout(resolve, 2 * everyMs + 500));
    const [cpuBefore, countBefore, began] = [cpuMicrosOf(child.pid), await countConnections(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const seconds = (performance.now() - began) / 1_000;
    const counted = (await countConnections()) - countBefore;
    const checks = kind === 'http' ? counted : Math.round((ports.length * seconds * 1_000) / everyMs);
    return { checks, seconds, cpuMicros: cpuMicrosOf(child.pid) - cpuBefore };
  } finally {
    child.end();
  }
}
