import { Agent, get as httpGet, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectHttp2, createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import {
  type Connection,
  InvalidOptionError,
  type Refusal,
  type Reservation,
  type Session,
  type Supervisor,
} from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { generate } from 'selfsigned';
import { Agent as Dispatcher, fetch as undiciFetch } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drainHttpServer, type HttpDrainOptions, healthRoutes, sseFeed } from '../src/index.ts';
import { noticesOf, readFeed } from './support/eventStream.ts';
import { serveHttp2 } from './support/http2.ts';
import { startKeeper } from './support/keeper.ts';
import { dial, listen, serve, until } from './support/serve.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** A certificate for localhost, and a client that trusts it. */
async function certificate() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const dispatcher = new Dispatcher({ connect: { ca: cert } });
  onTestFinished(() => dispatcher.destroy());
  return { key, cert, dispatcher };
}

/** A slot whose session the test can look at. */
function watched(keeper: Supervisor, kept: Session[]): Reservation | Refusal {
  const slot = keeper.reserve();
  if (!slot.reserved) return slot;
  const open = (connection: Connection) => {
    const session = slot.open(connection);
    kept.push(session);
    return session;
  };
  return { reserved: true, open, release: () => slot.release() };
}

/** An application whose `/slow` answers when the test says so. */
function slowApp() {
  const waiting: (() => void)[] = [];
  const app = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/slow') waiting.push(() => response.end('slow'));
    else if (request.url === '/begun') {
      response.write('be');
      waiting.push(() => response.end('gun'));
    } else response.end('quick');
  };
  return { app, waiting, finish: () => waiting.splice(0).forEach((answer) => void answer()) };
}

describe('drainHttpServer on HTTP/1.1', () => {
  it('makes every connection a session, and gives its slot back when it ends (INV-15)', async () => {
    const keeper = startKeeper();
    const { server, port } = await serve((_, response) => response.end());
    drainHttpServer(server, keeper);
    const clients = await Promise.all(Array.from({ length: 10 }, () => dial(port, get('/'))));
    await until(() => keeper.stats().sessions.open === 10);
    for (const [index, { socket }] of clients.entries()) {
      if (index % 2 === 0) socket.resetAndDestroy();
      else socket.end();
    }
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('closes idle connections at once, busy ones after their answer, and stops listening (INV-27)', async () => {
    const keeper = startKeeper();
    const { app, waiting, finish } = slowApp();
    const { server, port } = await serve(app);
    const drain = drainHttpServer(server, keeper);
    const idle = await dial(port, get('/'));
    const unsent = await dial(port, get('/slow'));
    const begun = await dial(port, get('/begun'));
    await until(() => waiting.length === 2 && idle.received().endsWith('quick'));
    const report = keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    await until(() => idle.socket.destroyed);
    expect([unsent.socket.readableEnded, begun.socket.readableEnded]).toEqual([false, false]);
    await expect(new Promise((_, reject) => connect(port, '127.0.0.1').once('error', reject))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    finish();
    expect(await report).toMatchObject({ sessions: { total: 3, early: 3, forced: 0 }, reason: 'drained' });
    await drain.closed;
    await until(() => unsent.socket.destroyed && begun.socket.destroyed);
    expect(unsent.received()).toMatch(/Connection: close\r\n(.|\s)*slow$/);
    expect(begun.received()).toMatch(/gun\r\n0\r\n\r\n$/);
  });

  it('goes on serving during the notice, says Connection: close, and answers /livez with 200 to the end', async () => {
    const keeper = startKeeper();
    const { server, url } = await serve(healthRoutes(keeper));
    const drain = drainHttpServer(server, keeper);
    const before = await fetch(`${url}/readyz`);
    const drained = keeper.drain({ noticeMs: 300 });
    const answers = await Promise.all(['/livez', '/readyz'].map((path) => fetch(url + path)));
    expect([before.status, before.headers.get('connection')]).toEqual([200, 'keep-alive']);
    expect(answers.map(({ status, headers }) => [status, headers.get('connection')])).toEqual([
      [200, 'close'],
      [503, 'close'],
    ]);
    await drained;
    await drain.closed;
    expect(drain.unsupervised).toBe(0);
  });

  it('forces a connection whose answer never comes, within the deadline, and counts it', async () => {
    const keeper = startKeeper();
    const { server, port } = await serve((_, response) => response.write('never done'));
    const drain = drainHttpServer(server, keeper);
    const { received, socket } = await dial(port, get('/'));
    await until(() => received().includes('never'));
    const report = await keeper.drain({ graceMs: 100, deadlineMs: 3_000 });
    await drain.closed;
    await until(() => socket.destroyed);
    expect(report.sessions).toEqual({ total: 1, early: 0, forced: 1, stragglers: 0 });
    expect(report.durationMs).toBeLessThan(3_000);
  });

  it('does not let a request that never gets complete hold a drain up', async () => {
    const keeper = startKeeper();
    const { server, port } = await serve((_, response) => response.end());
    drainHttpServer(server, keeper);
    await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: l');
    await dial(port);
    await until(() => keeper.stats().sessions.open === 2);
    const report = await keeper.drain({ graceMs: 5_000, deadlineMs: 6_000 });
    expect(report).toMatchObject({ sessions: { total: 2, early: 2 } });
    expect(report.durationMs).toBeLessThan(4_000);
  });

  it('serves a connection beyond the cap once, so that health is answered under a flood', async () => {
    const keeper = startKeeper({ maxSessions: 2 });
    const { server, port, url } = await serve(healthRoutes(keeper));
    const drain = drainHttpServer(server, keeper);
    const hogs = await Promise.all(Array.from({ length: 5 }, () => dial(port)));
    await until(() => drain.unsupervised === 3);
    const response = await fetch(`${url}/livez`);
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    expect(keeper.stats().sessions).toEqual({ open: 2, taken: 2 });
    for (const { socket } of hogs) socket.destroy();
    await until(() => keeper.stats().sessions.taken === 0 && drain.unsupervised === 0);
  });

  it('caps the connections of one peer, by the name it is given', async () => {
    const keeper = startKeeper({ maxSessionsPerPeer: 1 });
    const { server, port } = await serve((_, response) => response.end());
    const drain = drainHttpServer(server, keeper);
    const clients = [await dial(port), await dial(port)];
    await until(() => drain.unsupervised === 1);
    for (const { socket } of clients) socket.destroy();
    await until(() => keeper.stats().sessions.taken === 0);
    drain.detach();
    const proxied = drainHttpServer(server, keeper, { peerOf: () => undefined });
    await Promise.all([dial(port), dial(port)]);
    await until(() => keeper.stats().sessions.open === 2);
    expect(proxied.unsupervised).toBe(0);
  });

  it('sends connections beyond the cap away at the end: idle ones at once, busy ones after lateMs', async () => {
    const keeper = startKeeper({ maxSessions: 1 });
    const clock = new VirtualClock();
    const { server, port } = await serve((_, response) => void response.write('never done'));
    const drain = drainHttpServer(server, keeper, { clock, lateMs: 1_000 });
    const clients: Awaited<ReturnType<typeof dial>>[] = [];
    for (const text of [get('/'), '', get('/')]) clients.push(await dial(port, text));
    await until(() => clients[2]?.received().includes('never') ?? false);
    expect(drain.unsupervised).toBe(2);
    await keeper.drain({ graceMs: 50 });
    await until(() => drain.unsupervised === 1);
    await clock.advance(999);
    expect([clients[1]?.socket.destroyed, clients[2]?.socket.destroyed]).toEqual([true, false]);
    await clock.advance(1);
    await drain.closed;
    expect(drain.unsupervised).toBe(0);
  });

  it('lets go of a connection that is upgraded, and leaves its end to whoever upgraded it', async () => {
    const keeper = startKeeper();
    const { server, port } = await serve((_, response) => response.end());
    drainHttpServer(server, keeper);
    server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.pipe(socket);
      onTestFinished(() => void socket.destroy());
    });
    const { socket, received } = await dial(
      port,
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
    );
    await until(() => received().includes('101'));
    await until(() => keeper.stats().sessions.taken === 0);
    await keeper.drain();
    socket.write('still here');
    await until(() => received().endsWith('still here'));
  });

  it('leaves a server without upgrades as it was: the request is answered', async () => {
    const { server, port } = await serve((_, response) => response.end('plain'));
    drainHttpServer(server, startKeeper());
    const { received } = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await until(() => received().endsWith('plain'));
  });

  it('ends feeds by their goaway and their connections after them, each counted', async () => {
    const keeper = startKeeper();
    const { server, url } = await serve(sseFeed(keeper));
    const drain = drainHttpServer(server, keeper);
    const { blocks, ended } = await readFeed(url);
    await until(() => noticesOf(blocks).length === 1);
    const report = await keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    expect(await ended).toBe('ended');
    expect(noticesOf(blocks).at(-1)?.type).toBe('goaway');
    expect(report).toMatchObject({ sessions: { total: 2, early: 2, forced: 0 }, notifiers: { told: 1 } });
    await drain.closed;
  });

  it('fails no request of a pooled client whose connections are closed between requests', async () => {
    const keeper = startKeeper();
    const { server, url } = await serve((_, response) => response.end('ok'));
    drainHttpServer(server, keeper);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        httpGet(url, { agent }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).once('error', reject);
      });
    await Promise.all([ask(), ask()]);
    const drained = keeper.drain({ noticeMs: 200 });
    const statuses = [];
    for (let n = 0; n < 20; n += 1) statuses.push(await ask());
    expect(new Set(statuses)).toEqual(new Set([200]));
    await drained;
  });

  it('keeps no new connections once it is detached', async () => {
    const keeper = startKeeper();
    const { server, port } = await serve((_, response) => response.end());
    const heard = ['connection', 'request', 'checkContinue', 'checkExpectation', 'upgrade', 'connect', 'newListener'];
    const listeners = () => heard.map((name) => server.listenerCount(name));
    const before = listeners();
    const drain = drainHttpServer(server, keeper);
    drain.detach();
    const { received } = await dial(port, get('/'));
    await until(() => received() !== '');
    expect(keeper.stats().sessions.open).toBe(0);
    expect(listeners()).toEqual(before);
  });
});

describe('drainHttpServer on HTTP/2', () => {
  it('tells sessions with the true last stream: what was begun finishes, what crosses is refused and safe to retry', async () => {
    const keeper = startKeeper();
    const waiting: (() => void)[] = [];
    const { server, dial } = await serveHttp2((request, response) => {
      if (request.url === '/slow') waiting.push(() => response.end('slow'));
      else response.end('quick');
    });
    const drain = drainHttpServer(server, keeper, { staggerMs: 0 });
    const [busy, idle] = await Promise.all([dial(), dial()]);
    await idle.ask('/');
    const slow = busy.ask('/slow');
    await until(() => waiting.length === 1);
    expect(keeper.stats().sessions.open).toBe(2);
    const report = keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    await idle.closed;
    await until(() => busy.goaways.length > 0);
    for (const answer of waiting) answer();
    expect(await slow).toEqual({ status: 200, body: 'slow', code: 0 });
    await busy.closed;
    expect(await report).toMatchObject({ sessions: { total: 2, early: 2, forced: 0 }, reason: 'drained' });
    expect([busy.goaways[0], idle.goaways[0]]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    await drain.closed;
  });

  it('serves new streams during the notice', async () => {
    const keeper = startKeeper();
    const { server, dial } = await serveHttp2((request, response) => healthRoutes(keeper)(request, response));
    const drain = drainHttpServer(server, keeper, { staggerMs: 0 });
    const client = await dial();
    await client.ask('/readyz');
    const drained = keeper.drain({ noticeMs: 500 });
    expect([(await client.ask('/livez')).status, (await client.ask('/readyz')).status]).toEqual([200, 503]);
    expect(client.goaways).toEqual([]);
    const late = await dial();
    expect((await late.ask('/livez')).status).toBe(200);
    await late.closed;
    expect([keeper.phase, client.goaways]).toEqual(['draining', []]);
    await drained;
    await drain.closed;
  });

  it('tells sessions at moments spread over staggerMs', async () => {
    const keeper = startKeeper();
    const draws = [0, 0.5, 0.9];
    const clock = new VirtualClock();
    const { server, sessions, dial } = await serveHttp2((_, response) => response.end());
    drainHttpServer(server, keeper, { staggerMs: 400, clock, random: () => draws.shift() ?? 0 });
    const clients = await Promise.all([dial(), dial(), dial()]);
    await until(() => keeper.stats().sessions.open === 3);
    void keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    await until(() => clock.pending === 3);
    const open = [];
    for (const ms of [1, 198, 1, 159, 1]) {
      await clock.advance(ms);
      open.push(sessions.filter(({ closed }) => !closed).length);
    }
    expect(open).toEqual([2, 2, 1, 1, 0]);
    await Promise.all(clients.map(({ closed }) => closed));
  });

  it('destroys with CANCEL a session whose streams do not end, within the deadline', async () => {
    const keeper = startKeeper();
    const { server, dial } = await serveHttp2((_, response) => void response.write('never done'));
    const drain = drainHttpServer(server, keeper, { staggerMs: 0 });
    const client = await dial();
    const exchange = client.ask('/');
    await until(() => keeper.stats().sessions.open === 1);
    const report = await keeper.drain({ graceMs: 200, deadlineMs: 3_000 });
    expect(report.sessions).toEqual({ total: 1, early: 0, forced: 1, stragglers: 0 });
    expect((await exchange).code).toBe(8);
    await drain.closed;
  });

  it('ends a feed on a stream by its goaway, and the session after it', async () => {
    const keeper = startKeeper();
    const feed = sseFeed(keeper);
    const { server, dial } = await serveHttp2((request, response) => feed(request, response));
    drainHttpServer(server, keeper, { staggerMs: 0 });
    const client = await dial();
    const exchange = client.ask('/feed');
    await until(() => keeper.stats().notifiers.open === 1);
    const report = await keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    expect(report).toMatchObject({ sessions: { total: 2, early: 2, forced: 0 }, notifiers: { told: 1 } });
    const { status, body, code } = await exchange;
    expect([status, code]).toEqual([200, 0]);
    expect(body).toMatch(/event: goaway\nretry: \d+\ndata: .*\n\n$/);
    await client.closed;
  });

  it('notes that a peer is going, and takes it for nothing more (INV-36)', async () => {
    const keeper = startKeeper();
    const kept: Session[] = [];
    const { server, sessions, dial } = await serveHttp2((_, response) => response.end('ok'));
    drainHttpServer(server, { events$: keeper.events$, phase: keeper.phase, reserve: () => watched(keeper, kept) });
    const client = await dial();
    await client.ask('/');
    const said = new Promise((resolve) => sessions[0]?.once('goaway', resolve));
    client.session.goaway(0);
    await said;
    expect([kept[0]?.state, kept[0]?.peerLeaving]).toEqual(['open', true]);
    client.session.close();
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('gives every slot back when sessions are torn down with streams under way', async () => {
    const keeper = startKeeper();
    const { server, dial } = await serveHttp2((_, response) => void response.write('x'));
    drainHttpServer(server, keeper);
    const clients = await Promise.all(Array.from({ length: 10 }, () => dial()));
    for (const { ask } of clients) void ask('/');
    await until(() => keeper.stats().sessions.open === 10);
    for (const { session } of clients) session.destroy();
    await until(() => keeper.stats().sessions.taken === 0);
  });
});

describe('drainHttpServer on TLS', () => {
  it('keeps HTTP/2 and HTTP/1.1 connections of one server, and drains both', async () => {
    const keeper = startKeeper();
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
    const keeper = startKeeper();
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

describe('drainHttpServer', () => {
  it('closes a server whose supervisor had stopped before', async () => {
    const keeper = startKeeper();
    const { server } = await serve(() => {});
    await keeper.stop();
    await drainHttpServer(server, keeper).closed;
    expect(server.listening).toBe(false);
  });

  it.each<[string, unknown]>([
    ['drainHttpServer.peerOf', { peerOf: 'ip' }],
    ['drainHttpServer.staggerMs', { staggerMs: -1 }],
    ['drainHttpServer.lateMs', { lateMs: '1s' }],
    ['drainHttpServer.clock', { clock: Date }],
    ['drainHttpServer.random', { random: 1 }],
    ['drainHttpServer.stagger', { stagger: 1 }],
  ])('refuses a wrong %s by its name', async (option, options) => {
    const { server } = await serve(() => {});
    expect(() => drainHttpServer(server, startKeeper(), options as HttpDrainOptions)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });
});
