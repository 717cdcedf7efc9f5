import { createServer, get } from 'node:http';
import type { SupervisorEvent } from '@watchkeeper/core';
import express from 'express';
import fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  forFastify,
  healthRoutes,
  type LoadLimiterOptions,
  loadLimiter,
  type RequestPriority,
  shedLoad,
} from '../src/index.ts';
import { startSupervisor } from './support/supervisor.ts';
import { listen, serve, until } from './support/testServer.ts';

const calm = { measure: () => ({ delayMs: 0, utilisation: 0 }), shares: { high: 1, normal: 1, low: 1 }, minLimit: 1 };

function limitTo(maxLimit: number, options: LoadLimiterOptions = {}) {
  return loadLimiter({ ...calm, maxLimit, retryJitter: 0, retryAfterMs: 3_000, ...options });
}

/** A server that holds each request to `/held` until it is let go, behind a limiter. */
async function stand(maxLimit: number) {
  const limiter = limitTo(maxLimit);
  const keeper = startSupervisor();
  const health = healthRoutes(keeper);
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const shed = shedLoad(keeper, limiter);
  const held: (() => void)[] = [];
  const { url } = await serve((request, response) => {
    shed(request, response, () => {
      health(request, response, () => {
        if (request.url === '/held') held.push(() => response.end());
        else response.end('served');
      });
    });
  });
  return { limiter, keeper, events, held, url };
}

describe('a server that sheds load', () => {
  it('refuses what is too much with 503 and Retry-After, and counts it (INV-77)', async () => {
    const { limiter, keeper, events, held, url } = await stand(1);
    const first = fetch(new URL('/held', url));
    await until(() => held.length === 1);
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
      503,
      '3',
      'overload\n',
    ]);
    expect(limiter.stats().refused.normal).toBe(1);
    expect(keeper.stats().lost.refused).toBe(1);
    await until(() => events.some(({ type }) => type === 'client.refused'));
    expect(events.filter(({ type }) => type === 'client.refused')).toMatchObject([
      { by: 'load', reason: 'overload', peer: expect.stringContaining('127.0.0.1') },
    ]);
    held[0]?.();
    expect((await first).status).toBe(200);
    await until(() => limiter.stats().inFlight === 0);
    expect(await (await fetch(url)).text()).toBe('served');
  });

  it('answers every question of health, however full it is', async () => {
    const { limiter, held, url } = await stand(1);
    const first = fetch(new URL('/held', url));
    await until(() => held.length === 1);
    for (const path of ['/livez', '/readyz', '/startupz', '/health']) {
      expect((await fetch(new URL(path, url))).status, path).not.toBe(404);
      expect((await fetch(new URL(path, url))).status, path).toBe(200);
    }
    expect(limiter.stats()).toMatchObject({ inFlight: 1, refused: { normal: 0 } });
    held[0]?.();
    await first;
  });

  it('gets a permit back from a client that goes before its answer', async () => {
    const { limiter, held, url } = await stand(1);
    const request = get(new URL('/held', url));
    request.on('error', () => {});
    await until(() => held.length === 1);
    request.destroy();
    await until(() => limiter.stats().inFlight === 0);
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('the priority of a request', () => {
  it.each<[string, RequestPriority | undefined]>([
    ['/pay', 'high'],
    ['/pay?card=1', 'high'],
    ['/pay/later', undefined],
    ['/reports', undefined],
    ['/reports/', 'low'],
    ['/reports/2026', 'low'],
    ['/reports/now/x', 'high'],
    ['/livez', 'exempt'],
    ['/livez/../pay', undefined],
    ['/metrics', 'exempt'],
    ['/health', 'low'],
    ['/asked', 'exempt'],
  ])('%s is %s', (url, expected) => {
    const asked: string[] = [];
    const limiter = {
      acquire: (priority: string) => {
        asked.push(priority);
        return { admitted: true as const, release: () => {} };
      },
    };
    const shed = shedLoad(startSupervisor(), limiter, {
      routes: { '/pay': 'high', '/reports/*': 'low', '/reports/now/*': 'high', '/health': 'low' },
      priorityOf: ({ url }) => (url === '/asked' ? 'exempt' : undefined),
    });
    const response = { on: () => {} } as never;
    let passed = 0;
    expect(shed({ headers: {}, url }, response, () => passed++)).toBe(false);
    expect(asked).toEqual(expected === 'exempt' ? [] : [expected ?? 'normal']);
    expect(passed).toBe(1);
  });

  it.each<[string, object]>([
    ['routes', { routes: { pay: 'high' } }],
    ['routes', { routes: { '/pay*': 'high' } }],
    ["routes['/pay']", { routes: { '/pay': 'urgent' } }],
    ['priorityOf', { priorityOf: 'high' }],
  ])('is checked: %s', (name, options) => {
    expect(() => shedLoad(startSupervisor(), limitTo(1), options)).toThrow(`\`shedLoad.${name}\``);
    expect(() => shedLoad(startSupervisor(), {} as never)).toThrow('`shedLoad.limiter`');
  });
});

describe('shedding in a framework', () => {
  it('protects what is mounted below a path in Express, by the whole path', async () => {
    const limiter = limitTo(1);
    limiter.acquire('high');
    const app = express();
    app.use('/api', shedLoad(startSupervisor(), limiter, { routes: { '/api/open': 'exempt' } }));
    app.use((_request, response) => void response.end('served'));
    const { url } = await serve(app);
    const statuses = [];
    for (const path of ['/api/open', '/api/other', '/outside']) statuses.push((await fetch(new URL(path, url))).status);
    expect(statuses).toEqual([200, 503, 200]);
  });

  it('is a hook of Fastify', async () => {
    const limiter = limitTo(1);
    const app = fastify();
    app.addHook('onRequest', forFastify(shedLoad(startSupervisor(), limiter)));
    app.get('/', async () => 'served');
    onTestFinished(() => app.close());
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    expect((await fetch(url)).status).toBe(200);
    await until(() => limiter.stats().inFlight === 0);
    limiter.acquire('high');
    expect((await fetch(url)).status).toBe(503);
  });

  it('answers 404 where nothing comes after it', async () => {
    const shed = shedLoad(startSupervisor(), limitTo(1));
    const server = createServer((request, response) => void shed(request, response));
    await listen(server);
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });
});
