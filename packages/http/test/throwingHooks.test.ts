import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, type SupervisorEvent } from '@watchkeeper/core';
import { afterEach, describe, expect, it } from 'vitest';
import { drainHttpServer, groupRoutes, healthRoutes, shedLoad, sseFeed } from '../src/index.ts';

const broken = () => {
  throw new Error('a hook that throws');
};
const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

function keeperWithRefusals() {
  const keeper = createSupervisor();
  const refusals: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => void (event.type === 'client.refused' && refusals.push(event)));
  keeper.start();
  ended.push(() => void keeper.stop());
  return { keeper, refusals };
}

async function serve(listener: RequestListener, prepare: (server: ReturnType<typeof createServer>) => void = () => {}) {
  const server = createServer(listener);
  prepare(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a hook of the program that throws', () => {
  it.each([
    ['details of healthRoutes', 'health', (keeper) => healthRoutes(keeper, { details: broken })],
    [
      'details of groupRoutes',
      'groups',
      (keeper) => groupRoutes(keeper, { health: { path: '/health', details: broken } }),
    ],
    ['topicsOf of sseFeed', 'sse', (keeper) => sseFeed(keeper, { topicsOf: broken })],
    ['topicsOf of sseFeed, with nonsense', 'sse', (keeper) => sseFeed(keeper, { topicsOf: () => [3] as never })],
    ['peerOf of sseFeed', 'sse', (keeper) => sseFeed(keeper, { peerOf: broken })],
    ['peerOf of sseFeed, with nonsense', 'sse', (keeper) => sseFeed(keeper, { peerOf: () => Symbol('peer') as never })],
    ['priorityOf of shedLoad', 'load', (keeper) => shedLoad(keeper, { acquire: broken }, { priorityOf: broken })],
  ] as const satisfies readonly (readonly [
    string,
    string,
    (keeper: ReturnType<typeof createSupervisor>) => RequestListener,
  ])[])('is answered by 500, counted, and hurts nobody else: %s', async (_what, by, listener) => {
    const { keeper, refusals } = keeperWithRefusals();
    const url = await serve(listener(keeper));
    for (let turn = 0; turn < 2; turn += 1) {
      const response = await fetch(`${url}/health`);
      expect([response.status, await response.text()]).toEqual([500, 'Internal error\n']);
    }
    expect(refusals).toMatchObject(Array(2).fill({ by, reason: 'hook' }));
    expect(keeper.stats()).toMatchObject({ lost: { refused: 2 }, sessions: { taken: 0 } });
  });

  it('refuses the connection whose peer it was asked for, of drainHttpServer', async () => {
    const { keeper, refusals } = keeperWithRefusals();
    const url = await serve(
      (_request, response) => void response.end('fine'),
      (server) => void drainHttpServer(server, keeper, { peerOf: broken }),
    );
    await expect(fetch(url)).rejects.toThrow();
    expect(refusals[0]).toMatchObject({ by: 'http', reason: 'hook' });
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
  });

  it('is left to the program where it is its own next', () => {
    const { keeper } = keeperWithRefusals();
    const routes = healthRoutes(keeper);
    expect(() => routes({ url: '/other', headers: {} }, {} as never, broken)).toThrow('a hook that throws');
  });
});
