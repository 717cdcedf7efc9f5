import { createSupervisor, type Probe } from '@watchkeeper/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { h2cProbe, httpProbe, tcpProbe, tlsProbe, transferProbe, websocketProbe } from '../src/index.ts';
import { synBlackHole } from './support/synBlackHole.ts';
import { misbehaviours, serve } from './support/tcpServers.ts';
import { deadline } from './support/waiting.ts';

const host = '127.0.0.1';
const sockets = () =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'TCPConnectWrap').length;

const probes: Record<string, (port: number) => Probe> = {
  tcp: (port) => tcpProbe({ host, port }),
  transfer: (port) => transferProbe({ host, port }),
  tls: (port) => tlsProbe({ host, port }),
  http: (port) => httpProbe({ url: `http://${host}:${port}/` }),
  https: (port) => httpProbe({ url: `https://${host}:${port}/` }),
  h2c: (port) => h2cProbe({ url: `h2c://${host}:${port}/` }),
  websocket: (port) => websocketProbe({ url: `ws://${host}:${port}/` }),
};

describe('a target that does not even answer SYN', () => {
  let hole: Awaited<ReturnType<typeof synBlackHole>>;
  beforeAll(async () => {
    hole = await synBlackHole();
  });
  afterAll(() => hole.close());

  it('is failed by every kind within its deadline, and leaves no socket behind (INV-49)', async ({ skip }) => {
    const { port } = hole;
    if (port === undefined) return skip('this kernel answers SYN although the queue of the listener is full');
    const before = sockets();
    const asked = Object.entries(probes).map(async ([kind, make]) => [kind, await make(port)(deadline(200))]);
    const verdicts = Object.fromEntries(await Promise.all(asked));
    for (const [kind, verdict] of Object.entries(verdicts)) {
      expect(verdict, kind).toMatchObject({ status: 'fail', detail: 'timed out while connecting' });
    }
    await expect.poll(sockets).toBeLessThanOrEqual(before);
  });

  it('delays no other target, of its own host neither (INV-47)', async ({ skip }) => {
    const { port } = hole;
    if (port === undefined) return skip('this kernel answers SYN although the queue of the listener is full');
    const good = await serve(misbehaviours.blackHole);
    const keeper = createSupervisor();
    onTestFinished(async () => void (await keeper.stop()));
    const options = { intervalMs: 20, timeoutMs: 120_000, jitter: 0 };
    for (let n = 0; n < 20; n += 1) keeper.monitor(`hole ${n}`, tcpProbe({ host, port }), options);
    keeper.monitor('good', tcpProbe({ host, port: good.port }), options);
    keeper.start();
    await vi.waitFor(() => expect(good.accepted()).toBeGreaterThanOrEqual(10), { timeout: 60_000, interval: 10 });
    expect(keeper.monitorOf('good')?.health).toBe('healthy');
  });
});
