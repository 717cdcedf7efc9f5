// The Go programs to compare with: built when Go is found, spoken to line by line.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { find } from './probes/program.mjs';

const source = fileURLToPath(new URL('./go/hub.go', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/watchkeeper/bench/', import.meta.url));

/** The built hub and the version of Go that built it, or why there is none. */
export function buildHub() {
  const go = find('go', 'GO');
  if (go === undefined) return { missing: 'go is not installed' };
  mkdirSync(cache, { recursive: true });
  const program = `${cache}hub`;
  const built = spawnSync(go, ['build', '-o', program, source], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`go build failed: ${built.stderr}`);
  const { stdout } = spawnSync(go, ['version'], { encoding: 'utf8' });
  return { program, version: stdout.trim() };
}

/** Starts a hub that answers each call of `round` with the nanoseconds of one broadcast. */
export function startHub(program, design, clients) {
  const child = spawn(program, ['broadcast', design, String(clients)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  return {
    async round() {
      const line = once(lines, 'line');
      child.stdin.write('\n');
      const [ns] = await line;
      return Number(ns);
    },
    async end() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
