import { constants } from 'node:http2';
import { Agent, EventSource, fetch as undiciFetch } from 'undici';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { drainHttpServer, healthRoutes, sseFeed } from '../src/index.ts';
import { serveHttp2 } from './support/http2Client.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = (path: string, extra = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${extra}\r\n`;

/** A whole program: health, a feed, and every connection a session. */
async function program(options: Parameters<typeof startSupervisor>[0] = {}) {
  const keeper = startSupervisor(options);
  const routes = healthRoutes(keeper);
  const feed = sseFeed(keeper, { notifier: { stallAfterMs: 50, evictAfterMs: 50 } });
  const served = await serve((request, response) =>
    request.url === '/feed' ? feed(request, response) : routes(request, response),
  );
  drainHttpServer(served.server, keeper);
  const idle = () => keeper.stats().sessions.taken === 0 && keeper.stats().notifiers.open === 0;
  return { keeper, ...served, idle };
}

describe('against clients that misbehave, nothing throws and every slot comes back (INV-15)', () => {
  const uncaught = vi.fn();
  beforeEach(() => {
    process.on('uncaughtExceptionMonitor', uncaught);
  });
  afterEach(() => {
    process.off('uncaughtExceptionMonitor', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a request line', 'GET /fe'],
    ['half a head', 'GET /feed HTTP/1.1\r\nHost: x\r\nX-A'],
    ['a whole request for the feed', get('/feed')],
    ['two requests at once', get('/livez') + get('/feed')],
    ['a body that is not complete', 'POST /feed HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
    ['no HTTP at all', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03'],
    ['a request for another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('after %s comes a reset', async (_, text) => {
    const { keeper, port, idle } = await program();
    const clients = await Promise.all(Array.from({ length: 10 }, () => dial(port, text)));
    await new Promise((resolve) => setImmediate(resolve));
    for (const { socket } of clients) socket.resetAndDestroy();
    keeper.broadcast({ type: 'health', topic: 'a', health: 'healthy' });
    await until(idle);
  });

  it.each([0, 1, 5, 20])('a reset %i ms after the request, while notices are under way', async (delayMs) => {
    const { keeper, port, idle } = await program();
    const clients = await Promise.all(Array.from({ length: 10 }, () => dial(port, get('/feed'))));
    const beat = setInterval(() => keeper.broadcast({ type: 'health', topic: 'a', health: 'healthy' }), 1);
    onTestFinished(() => clearInterval(beat));
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    for (const { socket } of clients) socket.resetAndDestroy();
    await until(idle);
  });

  it('a head that is too large is refused by the host, and holds nothing', async () => {
    const { port, idle } = await program();
    const { received } = await dial(port, get('/feed', `X-Bomb: ${'x'.repeat(100_000)}\r\n`));
    await until(() => received().startsWith('HTTP/1.1 431'));
    await until(idle);
  });

  it('five hundred headers, a path of 10 000 characters, and an id of 10 000 are answered as any other', async () => {
    const { url } = await program();
    const headers = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x-${n}`, '1']));
    const answers = await Promise.all([
      fetch(`${url}/livez`, { headers }),
      fetch(`${url}/${'x'.repeat(10_000)}`),
      fetch(`${url}/feed`, { method: 'HEAD', headers: { 'last-event-id': '9'.repeat(10_000) } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
  });

  it('a megabyte sent along with a request for the feed is neither read nor kept', async () => {
    const { port, keeper, idle } = await program();
    const { socket, received } = await dial(port, get('/feed', 'Content-Length: 1048576\r\n'));
    await until(() => received().includes('data:'));
    socket.write('x'.repeat(1_048_576));
    keeper.broadcast({ type: 'health', topic: 'after', health: 'healthy' });
    await until(() => received().includes('"after"'));
    const posted = await dial(port, `POST /feed HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n`);
    posted.socket.write('x'.repeat(1_048_576));
    await until(() => posted.received().startsWith('HTTP/1.1 405'));
    expect(keeper.stats().notifiers.open).toBe(1);
    for (const client of [socket, posted.socket]) client.resetAndDestroy();
    await until(idle);
  });

  it('a client that sends its request byte by byte takes a connection, never a feed', async () => {
    const { keeper, port } = await program();
    const { socket } = await dial(port);
    for (const byte of get('/feed').slice(0, -2)) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(keeper.stats()).toMatchObject({ sessions: { open: 1 }, notifiers: { open: 0 } });
    const report = await keeper.drain({ graceMs: 1_000, deadlineMs: 1_500 });
    expect(report).toMatchObject({ sessions: { total: 1, early: 1 }, reason: 'drained' });
  });

  it('a client that closes its own side is gone, although it would still listen', async () => {
    const { port, idle, keeper } = await program();
    const { socket, received } = await dial(port, get('/feed'));
    await until(() => received().includes('data:') && keeper.stats().notifiers.open === 1);
    socket.end();
    await until(idle);
  });

  it('a flood of connections beyond the cap leaves health answering and drains whole', async () => {
    const { keeper, port, url } = await program({ maxSessions: 20 });
    const flood = await Promise.all(Array.from({ length: 100 }, () => dial(port, get('/feed'))));
    await until(() => flood.every(({ received }) => received() !== ''));
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(keeper.stats().sessions.taken).toBeLessThanOrEqual(20);
    const report = await keeper.drain({ graceMs: 1_000, deadlineMs: 60_000 });
    expect(report.sessions.early + report.sessions.forced).toBe(report.sessions.total);
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('a mixture of clients, one in ten of them deaf, is drained within the deadline and counted one by one', async () => {
    const { keeper, port } = await program();
    const clients = await Promise.all(Array.from({ length: 50 }, () => dial(port, get('/feed'))));
    for (const [index, { socket }] of clients.entries()) if (index % 10 === 0) socket.pause();
    await until(() => keeper.stats().sessions.open === 100);
    const report = await keeper.drain({ graceMs: 500, deadlineMs: 60_000 });
    expect(report.sessions.total).toBe(100);
    expect(report.sessions.early + report.sessions.forced).toBe(100);
    expect(report.notifiers.told + report.notifiers.evicted).toBe(50);
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('an HTTP/2 client that resets its streams at once, many times over, holds nothing', async () => {
    const keeper = startSupervisor();
    const feed = sseFeed(keeper);
    const { server, dial } = await serveHttp2((request, response) => feed(request, response));
    drainHttpServer(server, keeper);
    const { session } = await dial();
    for (let n = 0; n < 100; n += 1) {
      const stream = session.request({ ':path': '/feed' });
      stream.on('error', () => {});
      stream.close(8);
    }
    await until(() => keeper.stats().notifiers.open === 0 && keeper.stats().sessions.open <= 1);
    session.destroy();
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('an HTTP/2 client with a bomb of headers is refused that stream, and served on others', async () => {
    const keeper = startSupervisor();
    const feed = sseFeed(keeper);
    const { server, dial } = await serveHttp2((request, response) => feed(request, response));
    drainHttpServer(server, keeper);
    const { session, ask } = await dial();
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-bomb-${n}`, 'x'.repeat(100)]));
    const bomb = session.request({ ':path': '/feed', ...fields });
    bomb.on('error', () => {});
    await new Promise((resolve) => bomb.once('close', resolve));
    expect(bomb.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(keeper.stats().notifiers.open).toBe(0);
    void ask('/feed');
    await until(() => keeper.stats().notifiers.open === 1);
    session.destroy();
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('an HTTP/2 client that never reads its feed is evicted, and its session stays for its other streams', async () => {
    const keeper = startSupervisor();
    const feed = sseFeed(keeper, { notifier: { stallAfterMs: 30, evictAfterMs: 30 } });
    const { server, dial } = await serveHttp2((request, response) => {
      if (request.url === '/feed') feed(request, response);
      else response.end('quick');
    });
    drainHttpServer(server, keeper);
    const client = await dial();
    const deaf = client.session.request({ ':path': '/feed' });
    deaf.on('error', () => {});
    deaf.pause();
    await until(() => keeper.stats().notifiers.open === 1);
    await until(() => {
      keeper.broadcast({ type: 'health', topic: 'a', health: 'healthy', detail: 'x'.repeat(60_000) });
      return keeper.stats().notifiers.open === 0;
    });
    expect((await client.ask('/')).body).toBe('quick');
    await until(() => keeper.stats().sessions.open === 1);
  });
});

describe('real clients', () => {
  it('undici’s fetch reads the feed as it comes', async () => {
    const { url, keeper, idle } = await program();
    const dispatcher = new Agent();
    const response = await undiciFetch(`${url}/feed`, { dispatcher });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(keeper.stats().notifiers.open).toBe(1);
    await dispatcher.destroy();
    await until(idle);
  });

  it('an EventSource hears notices, survives a drain and a full server, and comes back by itself', async () => {
    const keeper = startSupervisor({ maxSessions: 1, retryAfterMs: 20 });
    const feed = sseFeed(keeper, { retryMs: 20, retryJitter: 0 });
    const { url } = await serve(feed);
    const slot = keeper.reserve();
    const source = new EventSource(url);
    onTestFinished(() => source.close());
    const heard: string[] = [];
    for (const type of ['health', 'goaway', 'refused']) source.addEventListener(type, () => heard.push(type));
    await until(() => heard.filter((type) => type === 'refused').length >= 2);
    if (slot.reserved) slot.release();
    await until(() => heard.includes('health'));
    const drained = keeper.drain({ graceMs: 200 });
    await until(() => heard.includes('goaway'));
    await drained;
    heard.splice(0);
    await until(() => heard.includes('refused'));
    expect(source.readyState).not.toBe(EventSource.CLOSED);
  });
});
