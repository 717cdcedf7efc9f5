import type { AddressInfo } from 'node:net';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { drainHttpServer } from '../src/index.ts';
import { serveHttp2 } from './support/http2Client.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** An application that answers `/slow` when the test says so, and anything else at once. */
function slowApp() {
  const waiting: (() => void)[] = [];
  const app = ({ url = '' }: { readonly url?: string | undefined }, response: { end(body: string): unknown }) => {
    if (url === '/slow') waiting.push(() => response.end('slow'));
    else response.end('quick');
  };
  return { app, waiting };
}

describe('a connection that comes in the notice of a drain', () => {
  it('is waited for until its request is answered, and reported as a straggler', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { app, waiting } = slowApp();
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper, { clock });
    const report = keeper.drain({ noticeMs: 600, graceMs: 5_000, deadlineMs: 9_000 });
    await clock.advance(300);
    const { received } = await dial(port, get('/slow'));
    await until(() => waiting.length === 1);
    await clock.advance(1_500);
    expect([keeper.phase, keeper.stats().sessions.open]).toEqual(['draining', 1]);
    for (const answer of waiting) answer();
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 1 });
    expect(received()).toMatch(/slow$/);
  });

  it('is waited for on HTTP/2 too, and told to go with all others', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { app, waiting } = slowApp();
    const { server, dial: dialHttp2 } = await serveHttp2(app);
    drainHttpServer(server, keeper, { clock, staggerMs: 0, pingIntervalMs: 0 });
    const report = keeper.drain({ noticeMs: 600, graceMs: 5_000, deadlineMs: 9_000 });
    await clock.advance(300);
    const client = await dialHttp2();
    const slow = client.ask('/slow');
    await until(() => waiting.length === 1);
    expect((await client.ask('/')).body).toBe('quick');
    expect(client.goaways).toEqual([]);
    await clock.advance(1_500);
    await until(() => client.goaways.length === 1);
    expect(keeper.stats().sessions.open).toBe(1);
    for (const answer of waiting) answer();
    expect((await slow).body).toBe('slow');
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 1 });
  });

  it('is closed by force, and counted, when its answer never comes', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { app, waiting } = slowApp();
    const { server, port } = await serve(app);
    const drain = drainHttpServer(server, keeper, { clock });
    const report = keeper.drain({ noticeMs: 600, graceMs: 5_000, deadlineMs: 9_000 });
    await settle();
    await dial(port, get('/slow'));
    await until(() => waiting.length === 1);
    await clock.advance(5_600);
    expect(await report).toMatchObject({
      sessions: { total: 1, early: 0, forced: 1, stragglers: 1 },
      clients: [{ fate: 'forced', doing: { what: 'GET /slow', bytesWritten: 0 } }],
    });
    await drain.closed;
  });

  it('takes no slot while it asks for health only, and is counted apart', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { app } = slowApp();
    const { server, port } = await serve(app);
    const drain = drainHttpServer(server, keeper, { clock, healthPaths: ['/up'] });
    const report = keeper.drain({ noticeMs: 600, graceMs: 5_000, deadlineMs: 9_000 });
    await settle();
    const asks = [await dial(port, get('/up?from=lb')), await dial(port, get('/up')), await dial(port, get('/quick'))];
    await until(() => asks.every(({ socket }) => socket.destroyed));
    await clock.advance(600);
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 1 });
    expect(drain.healthChecks).toBe(2);
    await drain.closed;
  });
});

describe('a connection beyond the cap', () => {
  it('has its health checks answered, and anything else refused with when to come back, unseen by the server', async () => {
    const keeper = startSupervisor({ maxSessions: 1, retryAfterMs: 7_000 });
    const { app, waiting } = slowApp();
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper);
    await dial(port);
    await until(() => keeper.stats().sessions.open === 1);
    const [health, work] = [await dial(port, get('/livez')), await dial(port, get('/slow'))];
    await until(() => health.socket.destroyed && work.socket.destroyed);
    expect(health.received()).toMatch(/^HTTP\/1.1 200 [\s\S]*Connection: close[\s\S]*quick$/);
    expect(work.received()).toMatch(/^HTTP\/1.1 503 [\s\S]*retry-after: 7\r\n/i);
    expect(work.received()).toContain('Connection: close');
    expect(waiting).toEqual([]);
  });

  it('is answered the same over HTTP/2, and then closed', async () => {
    const keeper = startSupervisor({ maxSessions: 1 });
    const { app, waiting } = slowApp();
    const { server, dial: dialHttp2 } = await serveHttp2(app);
    drainHttpServer(server, keeper);
    await dial((server.address() as AddressInfo).port);
    await until(() => keeper.stats().sessions.open === 1);
    const [health, work] = [await dialHttp2(), await dialHttp2()];
    expect((await health.ask('/livez')).status).toBe(200);
    expect(await work.ask('/slow')).toMatchObject({ status: 503, body: 'Full, try again later\n' });
    await Promise.all([health.closed, work.closed]);
    expect(waiting).toEqual([]);
  });

  it.each([
    { admit: () => ({ retryAfterMs: 9_000 }), text: 'Too much to do, try again later', retryAfter: 9 },
    { maxSessions: 1, text: 'Full, try again later', retryAfter: 1 },
  ])('is told why: $text', async ({ text, retryAfter, ...options }) => {
    const keeper = startSupervisor(options);
    const { server, port } = await serve(slowApp().app);
    drainHttpServer(server, keeper);
    // Takes the one slot, where there is one.
    await dial(port);
    await until(() => keeper.stats().sessions.open === 1 || options.admit !== undefined);
    const work = await dial(port, get('/quick'));
    await until(() => work.socket.destroyed);
    expect(work.received()).toMatch(/^HTTP\/1.1 503 /);
    expect(work.received()).toContain(`retry-after: ${retryAfter}\r\n`);
    expect(work.received().endsWith(`\r\n\r\n${text}\n`)).toBe(true);
  });
});
