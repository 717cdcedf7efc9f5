import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@watchkeeper/core';
import { agentCheck } from '@watchkeeper/http';
import { agentCheckProbe } from '@watchkeeper/probes';
import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

const hasHaproxy = spawnSync('haproxy', ['-v']).error === undefined;
if (!hasHaproxy)
  console.warn('SKIPPED: agent-check against HAProxy, which is not on this machine (apt install haproxy)');

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A program whose one monitor is what `become` says, and its agent. */
async function program() {
  const keeper = createSupervisor();
  const probe = scriptedProbe('+');
  const monitor = keeper.monitor('api', probe, { intervalMs: 60_000, failureThreshold: 1, successThreshold: 1 });
  let isInMaintenance = false;
  const agent = agentCheck(keeper, { degradedWeight: 40, maintenance: () => isInMaintenance });
  const port = await listen(createServer(agent));
  keeper.start();
  onTestFinished(async () => void (await keeper.stop()));
  const become = async (verdict: string, health: string) => {
    probe.rewrite(verdict);
    await monitor.check();
    await until(() => monitor.health === health);
  };
  const maintain = (on: boolean) => {
    isInMaintenance = on;
  };
  return { keeper, monitor, port, become, maintain };
}

describe('an agent of ours', () => {
  it('is understood by our probe', async () => {
    const { keeper, monitor, port, become, maintain } = await program();
    await until(() => monitor.health === 'healthy');
    const ask = () => agentCheckProbe({ host: '127.0.0.1', port })(AbortSignal.timeout(10_000));
    expect(await ask()).toMatchObject({ status: 'pass', measured: { weightPercent: 100 } });
    await become('~', 'degraded');
    expect(await ask()).toMatchObject({ status: 'pass', measured: { weightPercent: 40 } });
    await become('-', 'unhealthy');
    expect(await ask()).toMatchObject({ status: 'fail', detail: 'unhealthy' });
    maintain(true);
    expect(await ask()).toMatchObject({ status: 'fail', detail: 'maint' });
    maintain(false);
    const drained = keeper.drain({ noticeMs: 60_000, deadlineMs: 90_000 });
    expect(await ask()).toMatchObject({ status: 'warn', detail: 'drain' });
    await keeper.stop();
    await drained;
    expect(await ask()).toMatchObject({ status: 'fail', detail: 'stopped' });
  });

  it.runIf(hasHaproxy)('moves a real HAProxy: up with its weight, down, maintenance, drain, and back', async () => {
    const { keeper, port, become, maintain } = await program();
    const backend = await listen(createServer((socket) => socket.on('error', () => {}).resume()));
    const spare = createServer();
    const statsPort = await listen(spare);
    await new Promise((resolve) => spare.close(resolve));
    const folder = mkdtempSync(join(tmpdir(), 'agent-check-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const config = join(folder, 'haproxy.cfg');
    writeFileSync(
      config,
      `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend stats
  bind 127.0.0.1:${statsPort}
  stats enable
  stats uri /
backend api
  server a 127.0.0.1:${backend} weight 100 check inter 100ms agent-check agent-port ${port} agent-inter 50ms
`,
    );
    const haproxy = spawn('haproxy', ['-db', '-f', config], { stdio: 'ignore' });
    onTestFinished(() => void haproxy.kill('SIGKILL'));
    const shown = async () => {
      const csv = await fetch(`http://127.0.0.1:${statsPort}/;csv`).then(
        (response) => response.text(),
        () => '',
      );
      const [head = '', ...rows] = csv.split('\n').map((line) => line.split(','));
      const row = rows.find(([proxy, server]) => proxy === 'api' && server === 'a') ?? [];
      const column = (name: string) => row[(head as string[]).indexOf(name)];
      return `${column('status')} ${column('weight')}`;
    };
    const shows = (state: RegExp) => until(async () => state.test(await shown()));
    await shows(/^UP 100$/);
    await become('~', 'degraded');
    await shows(/^UP 40$/);
    await become('-', 'unhealthy');
    await shows(/^DOWN/);
    await become('+', 'healthy');
    await shows(/^UP 100$/);
    maintain(true);
    await shows(/^MAINT/);
    maintain(false);
    await shows(/^UP 100$/);
    const drained = keeper.drain({ noticeMs: 60_000, deadlineMs: 90_000 });
    await shows(/^DRAIN/);
    await keeper.stop();
    await drained;
    await shows(/^DOWN/);
  });
});
