import { EventEmitter } from 'node:events';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { drainHttpServer, onSignals } from '../src/index.ts';
import { serveHttp2 } from './support/http2Client.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial as dialTcp, serve, until } from './support/testServer.ts';

/** A relay over HTTP/2: each connection a session, `/slow` answered when the test says so. */
async function relay(options: Parameters<typeof startSupervisor>[0] = {}) {
  const keeper = startSupervisor(options);
  const slow: (() => void)[] = [];
  const { server, sessions, dial } = await serveHttp2((request, response) => {
    if (request.url === '/slow') slow.push(() => response.end('slow'));
    else response.end('quick');
  });
  const drain = drainHttpServer(server, keeper, { staggerMs: 0 });
  /** A peer that has been asked, and answered if what it asked is not slow. */
  const join = async (path = '/') => {
    const before = keeper.stats().sessions.open;
    const peer = await dial();
    const exchange = peer.ask(path);
    if (path === '/slow') await until(() => slow.length > 0);
    else await exchange;
    await until(() => keeper.stats().sessions.open === before + 1);
    return { ...peer, exchange };
  };
  return { keeper, server, sessions, drain, slow, join, dial };
}

// The scenarios of the relay this framework grew out of, with real peers.
describe('a relay over HTTP/2', () => {
  it('StartStopNoSessions: stops at once when nobody came', async () => {
    const { keeper, drain } = await relay();
    const report = await keeper.drain({ graceMs: 60_000, deadlineMs: 70_000 });
    await drain.closed;
    expect(report).toMatchObject({ sessions: { total: 0 }, reason: 'drained' });
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('AcceptsSession: after a stop the peer is gone', async () => {
    const { keeper, drain, join } = await relay();
    const { closed } = await join();
    await keeper.drain({ graceMs: 100 });
    await Promise.all([closed, drain.closed]);
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
  });

  it('StopBroadcastsGoaway: every peer gets one GOAWAY (INV-25)', async () => {
    const { keeper, join } = await relay();
    const peers = [await join(), await join(), await join()];
    const report = await keeper.drain({ graceMs: 60_000, deadlineMs: 70_000 });
    await Promise.all(peers.map(({ closed }) => closed));
    // Node sends the frame of an orderly close twice, with one and the same last stream.
    expect(peers.map(({ goaways }) => new Set(goaways.map(String)).size)).toEqual([1, 1, 1]);
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('StopReturnsEarlyOnCleanDrain: does not wait for a grace that nobody needs (INV-29)', async () => {
    const { keeper, join } = await relay();
    await join();
    const report = await keeper.drain({ graceMs: 60_000, deadlineMs: 70_000 });
    expect(report.sessions).toMatchObject({ total: 1, early: 1, forced: 0 });
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('StopForceClosesOnTimeout: a peer that stays is closed with CANCEL, and not before its grace is over (INV-30)', async () => {
    const clock = new VirtualClock();
    const { keeper, join } = await relay({ clock });
    const peer = await join('/slow');
    const drained = keeper.drain({ graceMs: 200, deadlineMs: 3_000 });
    await clock.advance(200);
    const report = await drained;
    await peer.closed;
    expect((await peer.exchange).code).toBe(8);
    expect(report.sessions).toMatchObject({ total: 1, forced: 1 });
    expect(report.durationMs).toBeGreaterThanOrEqual(200);
  });

  it('StopIsIdempotent: a second stop, during the first and after it, is the first (INV-34)', async () => {
    const { keeper, join } = await relay();
    await join();
    const [first, second] = await Promise.all([keeper.drain({ graceMs: 500 }), keeper.drain({ graceMs: 1 })]);
    expect([second, await keeper.stop()]).toEqual([first, first]);
  });

  it('addSessionDrainsStraggler: who connects while it drains is served, told to go with the others, and reported', async () => {
    const clock = new VirtualClock();
    const { keeper, drain, dial, join } = await relay({ clock });
    const busy = await join('/slow');
    const drained = keeper.drain({ noticeMs: 300, graceMs: 300, deadlineMs: 2_000 });
    const late = await dial();
    expect(await late.ask('/')).toMatchObject({ status: 200, body: 'quick' });
    await clock.advance(450);
    await late.closed;
    await clock.advance(150);
    const report = await drained;
    await Promise.all([busy.closed, drain.closed]);
    expect(report.sessions).toEqual({ total: 2, early: 1, forced: 1, stragglers: 1 });
    expect(drain.unsupervised).toBe(0);
  });

  it('InboundGoawayLeavesSessionOpen: a peer that says it goes is still answered, and closed by itself only (INV-36)', async () => {
    const { keeper, sessions, slow, join } = await relay();
    const peer = await join('/slow');
    const said = new Promise((resolve) => sessions[0]?.once('goaway', resolve));
    peer.session.goaway(0);
    await said;
    expect(keeper.stats().sessions.open).toBe(1);
    for (const answer of slow) answer();
    expect((await peer.exchange).body).toBe('slow');
    peer.session.close();
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('InboundGoawayCleanDrainExitsEarly: a peer that leaves ends the wait for it', async () => {
    const { keeper, join } = await relay();
    const peer = await join('/slow');
    const drained = keeper.drain({ graceMs: 60_000, deadlineMs: 70_000 });
    await until(() => peer.goaways.length > 0);
    peer.session.destroy();
    const report = await drained;
    expect(report.sessions).toMatchObject({ total: 1, early: 1 });
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('NoRequestsToPeerSentGoaway: a peer that was told to go gets no new stream, safely for a retry (INV-37)', async () => {
    const { keeper, slow, join } = await relay();
    const peer = await join('/slow');
    const drained = keeper.drain({ graceMs: 2_000, deadlineMs: 4_000 });
    await until(() => peer.goaways.length > 0);
    // The client of Node holds to the GOAWAY itself: it does not even send what would be refused.
    expect(() => peer.session.request({ ':path': '/' })).toThrow(/GOAWAY|closed|destroyed/i);
    for (const answer of slow) answer();
    expect((await peer.exchange).body).toBe('slow');
    expect((await drained).sessions).toMatchObject({ early: 1, forced: 0 });
  });

  it('StopWithdrawsFromDiscoveryBeforeGoaway: it listens, and tells nobody to go, until it is withdrawn, once (INV-27)', async () => {
    const withdrawals: (() => void)[] = [];
    const withdraw = () => new Promise<void>((resolve) => withdrawals.push(resolve));
    const { keeper, server, join } = await relay({ withdraw });
    const peer = await join();
    const drained = keeper.drain({ graceMs: 2_000, deadlineMs: 4_000 });
    await until(() => withdrawals.length === 1);
    expect([server.listening, peer.goaways]).toEqual([true, []]);
    expect((await peer.ask('/')).status).toBe(200);
    for (const done of withdrawals) done();
    await peer.closed;
    await drained;
    expect([withdrawals.length, peer.goaways.length > 0, server.listening]).toEqual([1, true, false]);
  });

  it('StopWithdrawFailureIsNotFatal: a registry that refuses does not keep anybody from being told (INV-35)', async () => {
    const { keeper, join } = await relay({ withdraw: () => Promise.reject(new Error('registry is down')) });
    const failures: string[] = [];
    keeper.events$.subscribe(({ type }) => type === 'withdraw.failed' && failures.push(type));
    const peer = await join();
    const report = await keeper.drain({ graceMs: 2_000, deadlineMs: 4_000 });
    await peer.closed;
    expect([failures, report.sessions.early, peer.goaways.length > 0]).toEqual([['withdraw.failed'], 1, true]);
  });

  it('RunGoawaysOnShutdownSignal: a signal tells the peer to go, and the program ends when it has gone', async () => {
    const { keeper, drain, join } = await relay();
    const peer = await join();
    const exits: number[] = [];
    const source = new EventEmitter();
    onSignals(keeper, { source, exit: (code) => exits.push(code) });
    source.emit('SIGTERM', 'SIGTERM');
    await peer.closed;
    await drain.closed;
    await until(() => exits.length > 0);
    expect(exits).toEqual([0]);
  });

  it('SessionCleanup: when a peer has gone nothing refers to its session (INV-39)', async () => {
    const { keeper, join } = await relay();
    const peer = await join();
    expect([...keeper.actors()].filter(({ kind }) => kind === 'session')).toHaveLength(1);
    peer.session.destroy();
    await until(() => keeper.stats().sessions.taken === 0);
    expect([...keeper.actors()].filter(({ kind }) => kind === 'session')).toEqual([]);
  });

  it('a handshake that fails ends nobody else’s session, and the acceptor takes the next (INV-38)', async () => {
    const { keeper, server, join } = await relay();
    const good = await join();
    const { port } = server.address() as { port: number };
    const { socket } = await dialTcp(port, 'this is no preface of HTTP/2 at all\r\n\r\n');
    await until(() => socket.destroyed);
    expect((await good.ask('/')).status).toBe(200);
    const next = await join();
    expect((await next.ask('/')).status).toBe(200);
    expect(keeper.stats().sessions.open).toBe(2);
  });
});

describe('a relay over HTTP/1.1', () => {
  it('StartReturnsListenerError: a port that is taken is told by the server, and the supervisor still ends', async () => {
    const { port } = await serve(() => {});
    const keeper = startSupervisor();
    const { server } = await serve(() => {});
    const drain = drainHttpServer(server, keeper);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => server.once('error', resolve));
    server.listen(port, '127.0.0.1');
    expect((await failed).code).toBe('EADDRINUSE');
    expect(await keeper.drain({ graceMs: 100 })).toMatchObject({ reason: 'drained' });
    await drain.closed;
  });
});
