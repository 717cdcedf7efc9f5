import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { LoadInput, Tally } from './loads.ts';

/** Whether a program is on this machine. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH: pathWithSbin } }).status === 0;
}

/** Where distributions put servers, too. */
export const pathWithSbin = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`;

/** Runs a program to its end. @returns what it said. */
export async function output(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: pathWithSbin },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  await once(child, 'close');
  return text;
}

/** One load generator of others: how it is called, and how its summary is read. */
interface Tool {
  readonly server: string;
  readonly program: string;
  readonly args: (port: number, bodyFile: string) => readonly string[];
  /** Whether it hangs up on requests that are under way when its time is over. */
  readonly hangsUp?: true;
  /** Whether it needs a proxy: it does not connect anew after a GOAWAY, and counts all it did not send as failed. */
  readonly needsProxy?: true;
  readonly read: (text: string) => { readonly asked: number; readonly answered: number };
}

const requests = 2_000;

/** Returns the first number of a text after `label`; 0 where the text does not have it. */
const after = (text: string, label: RegExp): number => Number(label.exec(text)?.[1] ?? 0);

const tools: Readonly<Record<string, Tool>> = {
  'ab, POST, keep-alive': {
    server: 'http1',
    program: 'ab',
    args: (port, body) => ['-k', '-r', '-n', `${requests}`, '-c', '8', '-p', body, '-T', 'text/plain', urlOf(port)],
    read: (text) => {
      const asked = after(text, /Complete requests:\s+(\d+)/);
      // Lengths differ by nothing here: a failure is one.
      const failed = after(text, /Failed requests:\s+(\d+)/) + after(text, /Non-2xx responses:\s+(\d+)/);
      return { asked, answered: asked - failed };
    },
  },
  'ab, POST, a connection for each': {
    server: 'http1',
    program: 'ab',
    args: (port, body) => ['-r', '-n', `${requests}`, '-c', '8', '-p', body, '-T', 'text/plain', urlOf(port)],
    read: (text) => tools['ab, POST, keep-alive']?.read(text) ?? { asked: 0, answered: 0 },
  },
  'wrk, GET, keep-alive': {
    server: 'http1',
    program: 'wrk',
    hangsUp: true,
    args: (port) => ['-t1', '-c8', '-d1s', urlOf(port)],
    read: (text) => {
      const answered = after(text, /(\d+) requests in/);
      const errors = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
      const failed = errors.reduce((sum, count) => sum + Number(count), after(text, /Non-2xx or 3xx responses: (\d+)/));
      return { asked: answered + failed, answered };
    },
  },
  'h2load through HAProxy, POST': {
    server: 'http1',
    program: 'h2load',
    needsProxy: true,
    args: (port, body) => ['-n', `${requests}`, '-c', '4', '-m', '4', '-d', body, urlOf(port)],
    read: (text) => ({
      asked: after(text, /requests: (\d+) total/),
      answered: after(text, /(\d+) succeeded/),
    }),
  },
};

const urlOf = (port: number) => `http://127.0.0.1:${port}/`;

/** The loads that programs of others make, again and again until it is over. */
export function foreignLoads(bodyFile: string) {
  return Object.entries(tools).map(([name, { program, args, read, ...tool }]) => ({
    name,
    program,
    ...tool,
    run: async ({ port, over, tally }: LoadInput) => {
      while (!over()) note(tally, name, read(await output(program, args(port, bodyFile))));
    },
  }));
}

function note(tally: Tally, name: string, { asked, answered }: { readonly asked: number; readonly answered: number }) {
  tally.asked += asked;
  tally.answered += answered;
  for (let count = answered; count < asked; count += 1) tally.failed.push(name);
}
