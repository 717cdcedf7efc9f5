import { connect as connectHttp2, createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { InvalidOptionError } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { generate } from 'selfsigned';
import { Agent as Dispatcher, fetch as undiciFetch } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drainHttpServer, type HttpDrainOptions, healthRoutes } from '../src/index.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, listen, serve, until } from './support/testServer.ts';

/** A certificate for localhost, and a client that trusts it. */
async function certificate() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const dispatcher = new Dispatcher({ connect: { ca: cert } });
  onTestFinished(() => dispatcher.destroy());
  return { key, cert, dispatcher };
}

describe('drainHttpServer on TLS', () => {
  it('keeps HTTP/2 and HTTP/1.1 connections of one server, and drains both', async () => {
    const keeper = startSupervisor();
    const { key, cert, dispatcher } = await certificate();
    const server = createSecureServer({ key, cert, allowHTTP1: true }, (_, response) => void response.end('ok'));
    const port = await listen(server);
    const drain = drainHttpServer(server, keeper, { staggerMs: 0 });
    const client = connectHttp2(`https://127.0.0.1:${port}`, { ca: cert, servername: 'localhost' });
    await new Promise((resolve) => client.once('remoteSettings', resolve));
    const answer = await undiciFetch(`https://localhost:${port}`, { dispatcher });
    expect([await answer.text(), answer.headers.get('connection')]).toEqual(['ok', 'keep-alive']);
    await until(() => keeper.stats().sessions.open === 2);
    const gone = new Promise((resolve) => client.once('close', resolve));
    const report = await keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    expect(report).toMatchObject({ sessions: { total: 2, early: 2, forced: 0 }, reason: 'drained' });
    await Promise.all([gone, drain.closed]);
  });

  it('keeps connections of an HTTPS server, and says Connection: close on them', async () => {
    const keeper = startSupervisor();
    const { key, cert, dispatcher } = await certificate();
    const server = createHttpsServer({ key, cert }, healthRoutes(keeper));
    const port = await listen(server);
    const drain = drainHttpServer(server, keeper);
    const ask = (path: string) => undiciFetch(`https://localhost:${port}${path}`, { dispatcher });
    expect((await ask('/readyz')).status).toBe(200);
    expect(keeper.stats().sessions.open).toBe(1);
    const report = keeper.drain({ noticeMs: 200 });
    const last = await ask('/readyz');
    expect([last.status, last.headers.get('connection')]).toEqual([503, 'close']);
    expect((await report).sessions).toMatchObject({ total: 1, early: 1 });
    await drain.closed;
  });
});

describe('a TLS handshake that never ends', () => {
  it.each(['https', 'http2'])('does not keep a drained %s server from closing', async (kind) => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { key, cert } = await certificate();
    const server =
      kind === 'https' ? createHttpsServer({ key, cert }) : createSecureServer({ key, cert, allowHTTP1: true });
    const port = await listen(server);
    const drain = drainHttpServer(server, keeper, { clock, firstRequestMs: 900 });
    const accepted = new Promise((resolve) => server.once('connection', resolve));
    const { socket } = await dial(port, '\x16\x03\x01');
    await accepted;
    void keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await until(() => !server.listening);
    await clock.advance(899);
    expect(socket.destroyed).toBe(false);
    await clock.advance(1);
    await drain.closed;
  });
});

describe('drainHttpServer', () => {
  it('closes a server whose supervisor had stopped before', async () => {
    const keeper = startSupervisor();
    const { server } = await serve(() => {});
    await keeper.stop();
    await drainHttpServer(server, keeper).closed;
    expect(server.listening).toBe(false);
  });

  it.each<[string, unknown]>([
    ['drainHttpServer.peerOf', { peerOf: 'ip' }],
    ['drainHttpServer.staggerMs', { staggerMs: -1 }],
    ['drainHttpServer.healthPaths', { healthPaths: '/livez' }],
    ['drainHttpServer.firstRequestMs', { firstRequestMs: -1 }],
    ['drainHttpServer.closeTimeoutMs', { closeTimeoutMs: Number.NaN }],
    ['drainHttpServer.lateMs', { lateMs: '1s' }],
    ['drainHttpServer.pingIntervalMs', { pingIntervalMs: -1 }],
    ['drainHttpServer.pongTimeoutMs', { pongTimeoutMs: 0 }],
    ['drainHttpServer.clock', { clock: Date }],
    ['drainHttpServer.random', { random: 1 }],
    ['drainHttpServer.stagger', { stagger: 1 }],
  ])('refuses a wrong %s by its name', async (option, options) => {
    const { server } = await serve(() => {});
    expect(() => drainHttpServer(server, startSupervisor(), options as HttpDrainOptions)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });
});
