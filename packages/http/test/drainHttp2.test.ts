import { type AddressInfo, connect } from 'node:net';
import type { CloseReason, Connection, Refusal, Reservation, Session, Supervisor } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drainHttpServer, healthRoutes, sseFeed } from '../src/index.ts';
import { serveHttp2 } from './support/http2Client.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, until } from './support/testServer.ts';

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

describe('drainHttpServer on HTTP/2', () => {
  it('tells sessions with the true last stream: what was begun finishes, what crosses is refused and safe to retry', async () => {
    const keeper = startSupervisor();
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
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { server, dial } = await serveHttp2((request, response) => healthRoutes(keeper)(request, response));
    const drain = drainHttpServer(server, keeper, { staggerMs: 0 });
    const client = await dial();
    await client.ask('/readyz');
    const drained = keeper.drain({ noticeMs: 500 });
    expect([(await client.ask('/livez')).status, (await client.ask('/readyz')).status]).toEqual([200, 503]);
    expect(client.goaways).toEqual([]);
    const late = await dial();
    expect((await late.ask('/livez')).status).toBe(200);
    await clock.advance(499);
    expect([keeper.phase, client.goaways, late.goaways]).toEqual(['draining', [], []]);
    await clock.advance(1);
    await late.closed;
    expect((await drained).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 0 });
    expect(drain.healthChecks).toBe(1);
    await drain.closed;
  });

  it('tells sessions at moments spread over staggerMs', async () => {
    const keeper = startSupervisor();
    const draws = [0, 0.5, 0.9];
    const clock = new VirtualClock();
    const { server, sessions, dial } = await serveHttp2((_, response) => response.end());
    drainHttpServer(server, keeper, {
      staggerMs: 400,
      firstRequestMs: 0,
      pingIntervalMs: 0,
      clock,
      random: () => draws.shift() ?? 0,
    });
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
    const keeper = startSupervisor();
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
    const keeper = startSupervisor();
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
    const keeper = startSupervisor();
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

  it('answers the first stream of a session that has had none, within firstRequestMs', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { server, dial } = await serveHttp2((_, response) => response.end('ok'));
    drainHttpServer(server, keeper, { clock, staggerMs: 0, pingIntervalMs: 0 });
    const [asks, never] = await Promise.all([dial(), dial()]);
    await until(() => keeper.stats().sessions.open === 2);
    const report = keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await clock.advance(1_999);
    expect(await asks.ask('/')).toEqual({ status: 200, body: 'ok', code: 0 });
    await asks.closed;
    expect(never.goaways).toEqual([]);
    await clock.advance(1);
    await never.closed;
    expect((await report).sessions).toEqual({ total: 2, early: 2, forced: 0, stragglers: 0 });
  });

  it('gives up a session whose peer never closes its own end, closeTimeoutMs after ours', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { server } = await serveHttp2((_, response) => response.end('ok'));
    const drain = drainHttpServer(server, keeper, {
      clock,
      staggerMs: 0,
      firstRequestMs: 0,
      closeTimeoutMs: 700,
      pingIntervalMs: 0,
    });
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {}).write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
    const ended = new Promise((resolve) => socket.resume().once('end', resolve));
    await until(() => keeper.stats().sessions.open === 1);
    const report = keeper.drain({ graceMs: 5_000, deadlineMs: 9_000 });
    await clock.advance(1);
    await ended;
    await clock.advance(699);
    expect(keeper.stats().sessions.open).toBe(1);
    await clock.advance(1);
    await drain.closed;
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 0 });
  });

  it('gives every slot back when sessions are torn down with streams under way', async () => {
    const keeper = startSupervisor();
    const { server, dial } = await serveHttp2((_, response) => void response.write('x'));
    drainHttpServer(server, keeper);
    const clients = await Promise.all(Array.from({ length: 10 }, () => dial()));
    for (const { ask } of clients) void ask('/');
    await until(() => keeper.stats().sessions.open === 10);
    for (const { session } of clients) session.destroy();
    await until(() => keeper.stats().sessions.taken === 0);
  });
});

describe('the peer of an HTTP/2 session', () => {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  const settings = '\0\0\0\x04\0\0\0\0\0';

  /** A server that asks after 30 s of its clock and waits 10 s for the answer, and how its sessions ended. */
  async function asking() {
    const keeper = startSupervisor();
    const clock = new VirtualClock();
    const ends: CloseReason[] = [];
    keeper.events$.subscribe((event) => {
      if (event.type === 'actor.ended' && event.kind === 'session') ends.push(event.reason);
    });
    const { server, dial: dialHttp2 } = await serveHttp2((_, response) => response.end('ok'));
    drainHttpServer(server, keeper, { clock, pingIntervalMs: 30_000, pongTimeoutMs: 10_000 });
    const { port } = server.address() as AddressInfo;
    return { keeper, clock, ends, port, dialHttp2 };
  }

  it('is asked again and again while it answers', async () => {
    const { keeper, clock, dialHttp2 } = await asking();
    const { session, ask } = await dialHttp2();
    await ask('/');
    let pings = 0;
    session.on('ping', () => {
      pings += 1;
    });
    for (const asked of [1, 2, 3]) {
      await clock.advance(30_000);
      await until(() => pings === asked);
      // The answer is one round trip away; the next one is of an application that is alive all the same.
      await ask('/');
    }
    expect(keeper.stats().sessions.open).toBe(1);
    session.destroy();
    await until(() => clock.pending === 0);
  });

  it.each([
    ['vanished', '', false],
    ['broke the protocol and hung up, which Node does not see', '\0\0\x05\x04\0\0\0\0\0.....', true],
  ])('loses its slot when it %s', async (_, more, hangsUp) => {
    const { keeper, clock, ends, port } = await asking();
    const { socket } = await dial(port, preface + settings + more);
    await until(() => keeper.stats().sessions.open === 1);
    if (hangsUp) socket.end();
    await clock.advance(39_999);
    expect(ends).toEqual([]);
    await clock.advance(1);
    await until(() => keeper.stats().sessions.taken === 0);
    expect(ends).toEqual(['stalled']);
  });

  it('is let go without a slot too when it vanished', async () => {
    const keeper = startSupervisor({ maxSessions: 1 });
    const clock = new VirtualClock();
    const { server } = await serveHttp2((_, response) => response.end('ok'));
    const drain = drainHttpServer(server, keeper, { clock, pingIntervalMs: 30_000, pongTimeoutMs: 10_000 });
    const slot = keeper.reserve();
    await dial((server.address() as AddressInfo).port, preface + settings);
    await until(() => drain.unsupervised === 1);
    await clock.advance(40_000);
    await until(() => drain.unsupervised === 0);
    if (slot.reserved) slot.release();
  });
});
