import { Agent, get as httpGet, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drainHttpServer, healthRoutes, sseFeed } from '../src/index.ts';
import { noticesOf, readFeed } from './support/readFeed.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

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
    const keeper = startSupervisor();
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

  it('closes idle connections at once, busy ones after their answer, and stops listening when nobody is waiting (INV-27)', async () => {
    const keeper = startSupervisor();
    const { app, waiting, finish } = slowApp();
    const { server, port } = await serve(app);
    const drain = drainHttpServer(server, keeper);
    const idle = await dial(port, get('/'));
    const unsent = await dial(port, get('/slow'));
    const begun = await dial(port, get('/begun'));
    await until(() => waiting.length === 2 && idle.received().endsWith('quick'));
    const report = keeper.drain({ graceMs: 2_000, deadlineMs: 3_000 });
    await until(() => idle.socket.destroyed && !server.listening);
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
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
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
    await clock.advance(300);
    await drained;
    await drain.closed;
    expect(drain.unsupervised).toBe(0);
  });

  it('forces a connection whose answer never comes, within the deadline, and counts it', async () => {
    const keeper = startSupervisor();
    const { server, port } = await serve((_, response) => response.write('never done'));
    const drain = drainHttpServer(server, keeper);
    const { received, socket } = await dial(port, get('/'));
    await until(() => received().includes('never'));
    const report = await keeper.drain({ graceMs: 100, deadlineMs: 60_000 });
    await drain.closed;
    await until(() => socket.destroyed);
    expect(report.sessions).toEqual({ total: 1, early: 0, forced: 1, stragglers: 0 });
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('does not let a request that never gets complete hold a drain up', async () => {
    const keeper = startSupervisor();
    const { server, port } = await serve((_, response) => response.end());
    drainHttpServer(server, keeper);
    await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: l');
    await dial(port);
    await until(() => keeper.stats().sessions.open === 2);
    const report = await keeper.drain({ graceMs: 60_000, deadlineMs: 70_000 });
    expect(report).toMatchObject({ sessions: { total: 2, early: 2 } });
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('serves a connection beyond the cap once, so that health is answered under a flood', async () => {
    const keeper = startSupervisor({ maxSessions: 2 });
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
    const keeper = startSupervisor({ maxSessionsPerPeer: 1 });
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
    const keeper = startSupervisor({ maxSessions: 1 });
    const clock = new VirtualClock();
    const { server, port } = await serve((_, response) => void response.write('never done'));
    const drain = drainHttpServer(server, keeper, { clock, lateMs: 1_000, firstRequestMs: 0 });
    const clients: Awaited<ReturnType<typeof dial>>[] = [];
    for (const text of [get('/'), '', get('/livez')]) clients.push(await dial(port, text));
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
    const keeper = startSupervisor();
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
    drainHttpServer(server, startSupervisor());
    const { received } = await dial(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await until(() => received().endsWith('plain'));
  });

  it('ends feeds by their goaway and their connections after them, each counted', async () => {
    const keeper = startSupervisor();
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
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
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
    await clock.advance(200);
    await drained;
  });

  it('keeps no new connections once it is detached', async () => {
    const keeper = startSupervisor();
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
