import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../sourceFiles.ts';
import { type Forked, fork } from './forked.ts';

const dist = join(root, 'examples/port-watch/dist');
const portWatch = (...args: string[]) => fork(process.execPath, join(dist, 'main.js'), ...args);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ports-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => String((server.address() as AddressInfo).port));
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}

/** Writes a list with a service, a tunnel to it, and a port nobody listens on. */
async function writeList() {
  const [service = '', tunnel = '', nobody = ''] = await freePorts(3);
  const ports = [
    { name: 'greeter', port: Number(service), speaks: true, forward: ['node', `${dist}/greeter.js`, service] },
    { name: 'tunnel', port: Number(tunnel), speaks: true, forward: ['node', `${dist}/tunnel.js`, tunnel, service] },
    { name: 'nobody', port: Number(nobody) },
  ];
  const path = join(folder, 'ports.json');
  await writeFile(path, JSON.stringify({ intervalMs: 100, timeoutMs: 300, graceMs: 1_000, maxIdleMs: 900, ports }));
  return { path, tunnel: Number(tunnel) };
}

/** The process of the tunnel, once it is another than `last`. */
async function tunnelProcess(program: Forked, last = 0): Promise<number> {
  const line = await program.line(new RegExp(`tunnel runs as process (?!${last}$)\\d+$`));
  return Number(/\d+$/.exec(line)?.[0]);
}

/** Lines about the tunnel, in order. */
const story = ({ lines }: Forked) =>
  lines.filter((line) => / tunnel /.test(line)).map((line) => line.replace(/^.*? tunnel /, ''));

/** The code of the error that a connection to the port ends with; nothing when it opens. */
async function refusalOf(port: number): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return undefined;
  } catch (cause) {
    return String(Reflect.get(cause as object, 'code'));
  } finally {
    socket.destroy();
  }
}

describe('the port watch, as a program', () => {
  it('renews a tunnel that hangs, once, ends its commands, and ends with 1 where a port is not well (INV-43, INV-51)', async () => {
    const { path, tunnel } = await writeList();
    await using program = portWatch('--config', path);
    const hanging = await tunnelProcess(program);
    await program.line(/tunnel is healthy/);
    await program.line(/nobody is unhealthy \(connection refused\)/);
    process.kill(hanging, 'SIGSTOP');
    await tunnelProcess(program, hanging);
    await program.line(/greeter is healthy/);
    await expect.poll(() => story(program).at(-1)).toBe('is healthy');
    const told = story(program);
    expect(told.slice(told.indexOf('is healthy')).slice(0, 5)).toEqual([
      'is healthy',
      'is unhealthy (no answer within 300 ms)',
      expect.stringMatching(/^is stale \(idle for \d+ ms, more than 900\)$/),
      'is brought back: it is stale',
      'is reconnecting',
    ]);
    // It may be found stale again while it is brought back; that begins nothing anew.
    expect(told.filter((words) => words.startsWith('is brought back'))).toHaveLength(1);
    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 1, signal: null });
    // The kill is sent before the watch ends, and done a moment later.
    await expect.poll(() => refusalOf(tunnel)).toBe('ECONNREFUSED');
  });

  it('asks once and ends with 0 where all is well, with 1 where it is not, and with 2 at what it cannot read', async () => {
    await using open = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(open, 'listening');
    const { port } = open.address() as AddressInfo;
    const [shut = ''] = await freePorts(1);
    await using well = portWatch('--once', `db=${port}`);
    await using unwell = portWatch('--once', `db=${port}`, `cache=${shut}`);
    await using wrong = portWatch('--once', 'db=many');
    expect([await well.ended, await unwell.ended, await wrong.ended].map(({ code }) => code)).toEqual([0, 1, 2]);
    expect(well.lines[0]).toMatch(/^NAME +ADDRESS +HEALTH +FOR +LATENCY +WHY$/);
    expect(unwell.lines[1]).toMatch(/^db +127\.0\.0\.1:\d+ +● healthy/);
    expect(unwell.lines[2]).toMatch(/^cache .* ✕ unhealthy .* connection refused$/);
    expect(wrong.lines).toEqual([expect.stringMatching(/^port-watch: db=many is no \[name=\]\[host:\]port\. Usage:/)]);
  });
});
