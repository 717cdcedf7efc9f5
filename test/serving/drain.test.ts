import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { healthService } from '@watchkeeper/grpc';
import { sseFeed } from '@watchkeeper/http';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { createHub } from '@watchkeeper/websocket';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { joinFeed, joinHub, joinWatch, type Manner } from './clientsInProcess.ts';

/** One in ten stays where it is. */
const mannerOf = (index: number): Manner => (index % 10 === 0 ? 'stays' : 'leaves');

const each = (count: number, join: (manner: Manner) => unknown) => {
  for (let index = 0; index < count; index += 1) join(mannerOf(index));
};

describe('a drain of mixed clients, one in ten of whom does nothing', () => {
  it('ends ten thousand without a network within its deadline, and its report adds up to them (INV-25, INV-28)', async () => {
    const clock = new VirtualClock();
    const keeper = createSupervisor({ clock });
    const hub = createHub(keeper, { clock, pingIntervalMs: 0 });
    const feed = sseFeed(keeper, { clock, keepAliveMs: 0 });
    const service = healthService(keeper);
    keeper.start();
    each(4_000, (manner) => joinHub(hub, manner));
    each(3_000, (manner) => joinFeed(feed, manner));
    each(3_000, (manner) => joinWatch(service, manner));
    await settle();
    expect(keeper.stats().sessions).toEqual({ open: 10_000, taken: 10_000 });

    const drained = keeper.drain({ graceMs: 10_000, deadlineMs: 25_000 });
    // So many deliveries take a moment of real time, in which none of the clock's passes.
    await vi.waitFor(() => expect(keeper.stats().sessions.open).toBe(1_000), 120_000);
    await clock.advance(25_000);
    const report = await drained;
    expect(report.sessions).toEqual({ total: 10_000, early: 9_000, forced: 1_000, stragglers: 0 });
    expect(report.notifiers.told + report.notifiers.evicted).toBe(10_000);
    expect(report.durationMs).toBeLessThanOrEqual(25_000);
    expect(keeper.stats()).toMatchObject({ sessions: { open: 0, taken: 0 }, notifiers: { open: 0 } });
    expect([hub.clients, service.stats().watches, clock.pending]).toEqual([0, 0, 0]);
  });

  it('ends five hundred over real sockets within its deadline, and its report adds up to them', async () => {
    const keeper = createSupervisor();
    const hub = createHub(keeper, { closeTimeoutMs: 200 });
    const http = createServer(sseFeed(keeper));
    hub.attach(http, '/ws');
    const grpc = new Server();
    const { definition, implementation } = healthService(keeper);
    grpc.addService(definition, implementation);
    keeper.start();
    const httpPort = await new Promise<number>((resolve) => {
      http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
    });
    const grpcPort = await new Promise<number>((resolve, reject) => {
      grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    onTestFinished(() => {
      http.closeAllConnections();
      http.close();
      grpc.forceShutdown();
    });
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    await Promise.all([
      ...Array.from({ length: 200 }, (_, n) => joinByTcp(httpPort, `GET /ws HTTP/1.1\r\nHost: x\r\n${upgrade}`, n)),
      ...Array.from({ length: 150 }, (_, n) => joinByTcp(httpPort, 'GET /feed HTTP/1.1\r\nHost: x\r\n', n)),
      joinByHttp2(grpcPort, 15, 0),
      joinByHttp2(grpcPort, 135, 65_535),
    ]);
    expect(keeper.stats().sessions.open).toBe(500);

    const report = await keeper.drain({ graceMs: 1_000, deadlineMs: 5_000 });
    const { total, early, forced } = report.sessions;
    expect([total, early + forced]).toEqual([500, 500]);
    // Who does not read a WebSocket does not answer its close, and who has a window of nothing never hears its end.
    expect(forced).toBeGreaterThanOrEqual(35);
    expect(report.durationMs).toBeLessThanOrEqual(5_000);
    expect(keeper.stats()).toMatchObject({ sessions: { open: 0, taken: 0 }, notifiers: { open: 0 } });
  });
});

/** A client by TCP; it leaves when it reads that it is to go, or reads nothing after the first answer. */
async function joinByTcp(port: number, head: string, index: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`${head}\r\n`);
  await once(socket, 'readable');
  if (mannerOf(index) === 'stays') return;
  socket.on('data', (chunk: Buffer) => {
    if (chunk.includes('"type":"goaway"')) socket.end();
  });
}

/** Watches by one HTTP/2 session; with a window of nothing they cannot be told anything. */
async function joinByHttp2(port: number, watches: number, initialWindowSize: number): Promise<void> {
  const session = connectHttp2(`http://127.0.0.1:${port}`, { settings: { initialWindowSize } });
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  const opened = Array.from({ length: watches }, () => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Watch',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => {}).resume();
    stream.end(Buffer.alloc(5));
    return once(stream, 'response');
  });
  await Promise.all(opened);
}
