// The programs that are measured round by round, each in a process of its own; those in Go are built when Go is found.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { find } from './probes/program.mjs';

const sources = new URL('./go/', import.meta.url);
const cache = fileURLToPath(new URL('../../node_modules/.cache/watchkeeper/bench/', import.meta.url));

/** The hub that is called in its own process, built. */
export const buildHub = () => buildGo('hub');

/** A program of `go/`, built, and the version of Go that built it; or why there is none. */
export function buildGo(name) {
  const go = find('go', 'GO');
  if (go === undefined) return { missing: 'go is not installed' };
  mkdirSync(cache, { recursive: true });
  const program = `${cache}${name}`;
  const source = fileURLToPath(new URL(`${name}.go`, sources));
  const built = spawnSync(go, ['build', '-o', program, source], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`go build failed: ${built.stderr}`);
  const { stdout } = spawnSync(go, ['version'], { encoding: 'utf8' });
  return { program, version: stdout.trim() };
}

/** Starts a program that answers each line with the nanoseconds of one round. */
export function startRounds(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit');
  return {
    async round() {
      child.stdin.write('\n');
      const line = await Promise.race([once(lines, 'line'), ended.then(() => undefined)]);
      if (line === undefined) throw new Error(`${program} ${args.join(' ')} ended`);
      return Number(line[0]);
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
