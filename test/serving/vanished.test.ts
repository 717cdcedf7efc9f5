import { once } from 'node:events';
import { createServer, type Server as HttpServer, type RequestListener, type ServerOptions } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { type CloseReason, createSupervisor, type Supervisor } from '@watchkeeper/core';
import { healthService } from '@watchkeeper/grpc';
import { watchHealth } from '@watchkeeper/grpc/client';
import { drainHttpServer, sseFeed } from '@watchkeeper/http';
import { createHub } from '@watchkeeper/websocket';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startVanishingProxy } from './vanishingProxy.ts';

const within = { timeout: 120_000, interval: 5 };

function startKeeper(): { keeper: Supervisor; ends: CloseReason[] } {
  const keeper = createSupervisor();
  const ends: CloseReason[] = [];
  keeper.events$.subscribe((event) => {
    if (event.type === 'actor.ended' && event.kind === 'session') ends.push(event.reason);
  });
  keeper.start();
  onTestFinished(async () => void (await keeper.stop()));
  return { keeper, ends };
}

async function listen(server: HttpServer | ReturnType<typeof createHttp2Server>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const serveHttp = (listener?: RequestListener, options: ServerOptions = {}) => {
  const server = createServer(options, listener);
  return { server, listening: () => listen(server) };
};

async function serveGrpc(keeper: Supervisor): Promise<number> {
  const server = new Server({ 'grpc.keepalive_time_ms': 100, 'grpc.keepalive_timeout_ms': 500 });
  const { definition, implementation } = healthService(keeper);
  server.addService(definition, implementation);
  onTestFinished(() => server.forceShutdown());
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

async function dial(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

const open = (keeper: Supervisor, count: number) =>
  vi.waitFor(() => expect(keeper.stats().sessions.open).toBe(count), within);

const gone = (keeper: Supervisor) =>
  vi.waitFor(
    () => expect(keeper.stats()).toMatchObject({ sessions: { open: 0, taken: 0 }, notifiers: { open: 0 } }),
    within,
  );

describe('a client that vanishes without a word', () => {
  it('loses its slot on a WebSocket, since it does not answer a ping', async () => {
    const { keeper, ends } = startKeeper();
    const { server, listening } = serveHttp();
    createHub(keeper, { pingIntervalMs: 50, pongTimeoutMs: 500, closeTimeoutMs: 50 }).attach(server);
    const proxy = await startVanishingProxy(await listening());
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/`);
    socket.on('error', () => {});
    onTestFinished(() => socket.terminate());
    // It answers at first: what ends it is that it does not any more.
    await once(socket, 'ping');
    await once(socket, 'ping');
    expect(ends).toEqual([]);
    proxy.vanish();
    await gone(keeper);
    expect(ends).toEqual(['stalled']);
  });

  it('loses its slot on a gRPC Watch, by the keep-alive of the server', async () => {
    const { keeper, ends } = startKeeper();
    const proxy = await startVanishingProxy(await serveGrpc(keeper));
    const watch = watchHealth({ target: `127.0.0.1:${proxy.port}` });
    onTestFinished(() => watch.close());
    await open(keeper, 1);
    proxy.vanish();
    await gone(keeper);
    expect(ends).toEqual(['peer']);
  });

  it('loses its slot on HTTP/2, since it does not answer a ping', async () => {
    const { keeper, ends } = startKeeper();
    const server = createHttp2Server((_, response) => void response.end('ok'));
    drainHttpServer(server, keeper, { pingIntervalMs: 50, pongTimeoutMs: 500 });
    const proxy = await startVanishingProxy(await listen(server));
    const session = connectHttp2(`http://127.0.0.1:${proxy.port}`);
    session.on('error', () => {});
    onTestFinished(() => session.destroy());
    await once(session, 'ping');
    await once(session, 'ping');
    expect(ends).toEqual([]);
    proxy.vanish();
    await gone(keeper);
    expect(ends).toEqual(['stalled']);
  });

  it('loses its slot on a feed, once its unread notices fill the socket', async () => {
    const { keeper, ends } = startKeeper();
    const feed = sseFeed(keeper, { keepAliveMs: 20, notifier: { stallAfterMs: 50, evictAfterMs: 50 } });
    const proxy = await startVanishingProxy(await serveHttp(feed).listening());
    await dial(proxy.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await open(keeper, 1);
    proxy.vanish();
    await vi.waitFor(() => {
      for (let n = 0; n < 500; n += 1) {
        keeper.broadcast({ type: 'health', topic: `t${n}`, health: 'healthy', detail: 'x'.repeat(200) });
      }
      expect(ends).toEqual(['stalled']);
    }, within);
    await gone(keeper);
  });

  it('loses its slot on HTTP/1.1 by the time-outs of the server, whether it had sent a request or not', async () => {
    const { keeper } = startKeeper();
    const limits = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50, keepAliveTimeout: 100 };
    const { server, listening } = serveHttp((_, response) => void response.end('ok'), limits);
    drainHttpServer(server, keeper);
    const proxy = await startVanishingProxy(await listening());
    const asked = await dial(proxy.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await dial(proxy.port, 'GET / HTTP/1.1\r\nHo');
    await Promise.all([once(asked, 'data'), open(keeper, 2)]);
    proxy.vanish();
    await gone(keeper);
  });
});
