import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSupervisor, type Supervisor } from '@watchkeeper/core';
import { healthService } from '@watchkeeper/grpc';
import { drainHttpServer, sseFeed } from '@watchkeeper/http';
import { createHub } from '@watchkeeper/websocket';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { joinFeed, joinHub, joinWatch, type Leave } from './clientsInProcess.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

const within = { timeout: 120_000, interval: 5 };

/** Heap in use, in bytes, when nothing more can be let go. */
async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 2; turn += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const empty = (keeper: Supervisor) =>
  vi.waitFor(() => {
    const { sessions, notifiers } = keeper.stats();
    expect([sessions.taken, notifiers.open]).toEqual([0, 0]);
  }, within);

/** Bytes of heap that each of the clients of two floods has left behind; what the engine learns in three before does not count. */
async function leftBehind(flood: () => Promise<number>): Promise<number> {
  for (let warmup = 0; warmup < 3; warmup += 1) await flood();
  const before = await heapInUse();
  let clients = 0;
  for (let round = 0; round < 2; round += 1) clients += await flood();
  return ((await heapInUse()) - before) / clients;
}

// A client weighs some ten thousand bytes: what is left may be what the engine learned, but no part of a client.
const crumbsBytes = 500;

describe('memory and slots', () => {
  it.each<[string, (keeper: Supervisor) => () => Leave]>([
    [
      'of a WebSocket hub',
      (keeper) => {
        const hub = createHub(keeper);
        return () => joinHub(hub, 'stays');
      },
    ],
    [
      'of a feed',
      (keeper) => {
        const feed = sseFeed(keeper);
        return () => joinFeed(feed, 'leaves');
      },
    ],
    [
      'of a health service',
      (keeper) => {
        const service = healthService(keeper);
        return () => joinWatch(service, 'leaves');
      },
    ],
  ])('return after a flood of clients %s that heard notices and left', async (_, serve) => {
    const keeper = createSupervisor();
    onTestFinished(async () => void (await keeper.stop()));
    const join = serve(keeper);
    keeper.start();
    const flood = async () => {
      const leaves = Array.from({ length: 300 }, join);
      for (let n = 0; n < 5; n += 1) keeper.broadcast({ type: 'health', topic: `t${n % 2}`, health: 'healthy' });
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const leave of leaves) leave();
      await empty(keeper);
      return leaves.length;
    };
    expect(await leftBehind(flood)).toBeLessThan(crumbsBytes);
  });

  it('return after a flood of clients that reset their connections at any stage, over real sockets', async () => {
    const keeper = createSupervisor({ maxSessions: 150 });
    onTestFinished(async () => void (await keeper.stop()));
    const server = createServer(sseFeed(keeper));
    createHub(keeper, { maxClients: 50 }).attach(server, '/ws');
    drainHttpServer(server, keeper);
    keeper.start();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const requests = [
      'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      'GET /feed HTTP/1.1\r\nHost: x\r\n\r\n',
    ];
    const strike = async (index: number) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      const request = requests[index % 2] ?? '';
      const sent = index % 4 < 2 ? request : request.slice(0, index);
      socket.write(sent);
      if (index % 8 < 2) await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
      socket.resetAndDestroy();
    };
    const flood = async () => {
      await Promise.all(Array.from({ length: 150 }, (_, index) => strike(index)));
      await empty(keeper);
      return 150;
    };
    expect(await leftBehind(flood)).toBeLessThan(4 * crumbsBytes);
  });
});
