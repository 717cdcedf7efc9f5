import type { AddressInfo } from 'node:net';
import { serve as serveHono } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forFastify, forHono, healthRoutes, sseFeed } from '../src/index.ts';
import { noticesOf, readFeed } from './support/readFeed.ts';
import { startSupervisor } from './support/supervisor.ts';
import { until } from './support/testServer.ts';

type Keeper = ReturnType<typeof startSupervisor>;

async function fastifyApp(keeper: Keeper): Promise<string> {
  const app = Fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (_request, reply) => {
    reply
      .header('access-control-allow-origin', '*')
      .header('set-cookie', ['a=1', 'b=2'])
      .header('cache-control', 'public');
  });
  app.addHook('onRequest', forFastify(healthRoutes(keeper)));
  app.get('/feed', forFastify(sseFeed(keeper)));
  app.get('/own', () => 'own');
  onTestFinished(() => app.close());
  return await app.listen({ port: 0, host: '127.0.0.1' });
}

async function expressApp(keeper: Keeper): Promise<string> {
  const app = express();
  app.use((_request, response, next) => {
    response.set({ 'access-control-allow-origin': '*', 'set-cookie': ['a=1', 'b=2'], 'cache-control': 'public' });
    next();
  });
  app.use(healthRoutes(keeper));
  app.get('/feed', sseFeed(keeper));
  app.get('/own', (_, response) => {
    response.send('own');
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function honoApp(keeper: Keeper): Promise<string> {
  const app = new Hono();
  app.use(async (context, next) => {
    context.header('access-control-allow-origin', '*');
    context.header('set-cookie', 'a=1', { append: true });
    context.header('set-cookie', 'b=2', { append: true });
    context.header('cache-control', 'public');
    await next();
  });
  app.use(forHono(healthRoutes(keeper)));
  app.get('/feed', forHono(sseFeed(keeper)));
  app.get('/own', (context) => context.text('own'));
  const { server, port } = await new Promise<{ server: ReturnType<typeof serveHono>; port: number }>((resolve) => {
    const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ server, port }),
    );
  });
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}

describe.each([
  ['Fastify', fastifyApp],
  ['Express', expressApp],
  ['Hono', honoApp],
])('on %s', (_, start) => {
  it('answers health beside the routes of the application', async () => {
    const keeper = startSupervisor();
    const url = await start(keeper);
    const live = await fetch(`${url}/livez`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'pass' }]);
    expect((await fetch(`${url}/livez`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/readyz`, { method: 'HEAD' })).status).toBe(200);
    expect(await (await fetch(`${url}/own`)).text()).toBe('own');
    expect((await fetch(`${url}/unknown`)).status).toBe(404);
  });

  it('keeps the headers that were set before, on every route of ours, but for our own', async () => {
    const keeper = startSupervisor();
    const url = await start(keeper);
    for (const [path, method, cache] of [
      ['/livez', 'GET', 'no-store'],
      ['/readyz', 'HEAD', 'no-store'],
      ['/livez', 'POST', 'no-store'],
      ['/feed', 'GET', 'no-store, no-transform'],
      ['/own', 'GET', 'public'],
    ] as const) {
      const { headers, body } = await fetch(`${url}${path}`, { method });
      await body?.cancel();
      const found = [headers.get('access-control-allow-origin'), headers.getSetCookie(), headers.get('cache-control')];
      expect(found, path).toEqual(['*', ['a=1', 'b=2'], cache]);
    }
  });

  it('serves the feed and ends it on drain, slots back to zero (INV-15)', async () => {
    const keeper = startSupervisor();
    const url = await start(keeper);
    const left = await readFeed(`${url}/feed`);
    const stayed = await readFeed(`${url}/feed`);
    await until(() => noticesOf(stayed.blocks).length === 1 && keeper.stats().sessions.open === 2);
    left.leave();
    await until(() => keeper.stats().sessions.open === 1);
    const report = await keeper.drain();
    expect(await stayed.ended).toBe('ended');
    expect(noticesOf(stayed.blocks).at(-1)?.type).toBe('goaway');
    expect(report.sessions).toMatchObject({ total: 1, early: 1 });
  });
});
