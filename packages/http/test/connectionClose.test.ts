import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drainHttpServer } from '../src/index.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (path: string, body: string, length = body.length) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${body}`;

/** The answers in `text`: the path that each answers, and whether it says that the connection closes. */
const answersIn = (text: string) =>
  Array.from(text.matchAll(/Connection: ([\w-]+)[\s\S]*?\r\n\r\n(\/[a-z]+\d?)/g), ([, connection, path]) => [
    path,
    connection,
  ]);

/** An application that answers each request with its path: at once, what begins with `/slow` when the test says so. */
async function echo(options: { clock?: VirtualClock; closeTimeoutMs?: number } = {}) {
  const keeper = startSupervisor({ clock: options.clock ?? new VirtualClock() });
  const begun: string[] = [];
  const waiting: (() => void)[] = [];
  const { server, port } = await serve((request: IncomingMessage, response: ServerResponse) => {
    const { url = '' } = request;
    begun.push(url);
    response.setHeader('Content-Length', url.length);
    const answer = () => response.end(url);
    if (url.startsWith('/slow')) waiting.push(answer);
    else answer();
  });
  const drain = drainHttpServer(server, keeper, options);
  return { keeper, server, port, begun, waiting, drain };
}

/** A client that keeps its own end open when the server has closed its own. */
async function dialHalfOpen(port: number, text = '') {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let received = '';
  let ended = false;
  const errors: unknown[] = [];
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('end', () => {
    ended = true;
  });
  socket.on('error', (cause) => errors.push(cause));
  await new Promise((resolve) => socket.once('connect', resolve));
  if (text !== '') socket.write(text);
  return { socket, errors, received: () => received, ended: () => ended };
}

const gone = (socket: Socket) => until(() => socket.destroyed);

describe('the last answer of a drained HTTP/1.1 connection', () => {
  it('is that of the last request which came along with others, though each is answered at once', async () => {
    const { keeper, port, begun } = await echo();
    void keeper.drain({ noticeMs: 1_000 });
    const { socket, received } = await dial(port, ['/quick1', '/quick2', '/quick3', '/quick4'].map(get).join(''));
    await gone(socket);
    expect(begun).toEqual(['/quick1', '/quick2', '/quick3', '/quick4']);
    expect(answersIn(received())).toEqual([
      ['/quick1', 'keep-alive'],
      ['/quick2', 'keep-alive'],
      ['/quick3', 'keep-alive'],
      ['/quick4', 'close'],
    ]);
  });

  it('is that of the last request begun before the drain, in whatever order they are answered', async () => {
    const { keeper, port, waiting } = await echo();
    const { socket, received } = await dial(port, ['/slow1', '/slow2', '/slow3'].map(get).join(''));
    await until(() => waiting.length === 3);
    void keeper.drain({ noticeMs: 1_000 });
    await settle();
    for (const answer of waiting.reverse()) answer();
    await gone(socket);
    expect(received().match(/\/slow\d/g)).toEqual(['/slow1', '/slow2', '/slow3']);
    expect(received().match(/Connection: close/g)).toHaveLength(1);
    expect(received().indexOf('Connection: close')).toBeGreaterThan(received().indexOf('/slow2'));
  });

  it('is that of a request that comes before the one until then last is answered', async () => {
    const { keeper, port, waiting } = await echo();
    void keeper.drain({ noticeMs: 1_000 });
    const { socket, received } = await dial(port, get('/slow1'));
    await until(() => waiting.length === 1);
    socket.write(get('/slow2'));
    await until(() => waiting.length === 2);
    for (const answer of waiting) answer();
    await gone(socket);
    expect(received().match(/\/slow\d/g)).toEqual(['/slow1', '/slow2']);
    expect(received().match(/Connection: close/g)).toHaveLength(1);
    expect(received().indexOf('Connection: close')).toBeGreaterThan(received().indexOf('/slow1'));
  });

  it('is followed by no request that is begun: its client may send it elsewhere', async () => {
    const { keeper, port, begun, waiting } = await echo();
    void keeper.drain({ noticeMs: 1_000 });
    const { socket, received, errors } = await dialHalfOpen(port, get('/quick1'));
    await until(() => received().includes('/quick1'));
    socket.write(post('/quick2', 'body'));
    socket.write(get('/slow3'));
    socket.end();
    await gone(socket);
    expect([begun, waiting.length, errors]).toEqual([['/quick1'], 0, []]);
  });
});

describe('the end of a drained HTTP/1.1 connection', () => {
  it('is our own end first; what still comes is read, not reset, until the peer ends', async () => {
    const clock = new VirtualClock();
    const { keeper, port, drain } = await echo({ clock, closeTimeoutMs: 700 });
    const client = await dialHalfOpen(port, get('/quick'));
    await until(() => client.received().includes('/quick'));
    void keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await until(() => client.ended());
    for (let n = 0; n < 20; n += 1) {
      client.socket.write(post('/quick', 'x'.repeat(10_000)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await clock.advance(699);
    expect([keeper.stats().sessions.open, client.errors]).toEqual([1, []]);
    client.socket.end();
    await drain.closed;
    expect(client.errors).toEqual([]);
  });

  it('comes closeTimeoutMs after our own to a peer that does not close', async () => {
    const clock = new VirtualClock();
    const { keeper, port, drain } = await echo({ clock, closeTimeoutMs: 700 });
    const client = await dialHalfOpen(port, get('/quick'));
    await until(() => client.received().includes('/quick'));
    const report = keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await until(() => client.ended());
    await clock.advance(699);
    expect(keeper.stats().sessions.open).toBe(1);
    await clock.advance(1);
    await drain.closed;
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 0 });
  });

  it('does not take away an answer that comes before the request was read', async () => {
    const { keeper, port, waiting } = await echo();
    const client = await dialHalfOpen(port, post('/slow', 'begun', 1_000_000));
    await until(() => waiting.length === 1);
    void keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    for (const answer of waiting) answer();
    client.socket.write('x'.repeat(500_000));
    await until(() => client.ended());
    client.socket.end();
    await gone(client.socket);
    expect([client.received().endsWith('/slow'), client.errors]).toEqual([true, []]);
  });
});

describe('the first request of an HTTP/1.1 connection that a drain finds without one', () => {
  it('is answered when it comes within firstRequestMs, and the connection ends without one after', async () => {
    const clock = new VirtualClock();
    const { keeper, port, drain } = await echo({ clock });
    const [asks, never] = [await dial(port), await dial(port)];
    await until(() => keeper.stats().sessions.open === 2);
    const report = keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await clock.advance(1_999);
    expect(keeper.stats().sessions.open).toBe(2);
    asks.socket.write(get('/quick'));
    await gone(asks.socket);
    expect(answersIn(asks.received())).toEqual([['/quick', 'close']]);
    expect(never.socket.destroyed).toBe(false);
    await clock.advance(1);
    await gone(never.socket);
    expect((await report).sessions).toMatchObject({ total: 2, early: 2 });
    await drain.closed;
  });

  it('is answered on connections that the program had not accepted yet, after which the server listens no more', async () => {
    const { server, keeper, port, begun } = await echo();
    // Another connection keeps the drain going.
    await dial(port);
    await until(() => keeper.stats().sessions.open === 1);
    // All in one turn: the kernel knows them, the program does not.
    const clients = Array.from({ length: 30 }, () => connect(port, '127.0.0.1'));
    const ends = clients.map(
      (socket) =>
        new Promise((resolve) => {
          onTestFinished(() => void socket.destroy());
          socket.once('error', resolve);
          socket.once('close', () => resolve('closed'));
          socket.resume();
          socket.write(get('/quick'));
        }),
    );
    void keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['closed']));
    expect(begun).toHaveLength(30);
    await until(() => !server.listening);
  });

  it('has firstRequestMs for the rest of its head', async () => {
    const clock = new VirtualClock();
    const { keeper, port, drain } = await echo({ clock });
    const client = await dial(port, get('/quick1'));
    await until(() => client.received().includes('/quick1'));
    client.socket.write('GET /quick2 HTTP/1.1\r\nHo');
    await clock.advance(5_000);
    await until(() => keeper.stats().sessions.open === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    void keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await clock.advance(1_999);
    client.socket.write('st: x\r\n\r\n');
    await gone(client.socket);
    expect(client.received()).toContain('/quick2');
    await drain.closed;
  });
});
