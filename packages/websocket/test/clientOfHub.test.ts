import { once } from 'node:events';
import { createServer } from 'node:http';
import { createSupervisor } from '@watchkeeper/core';
import { settle } from '@watchkeeper/testing';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Client, type ClientOptions, createClient } from '../src/client/index.ts';
import { createHub } from '../src/index.ts';
import { afterTest, clientsBecome, listen, stand } from './support/testHub.ts';

describe('a client of a real hub', () => {
  const open = (client: Client) => firstValueFrom(client.state$.pipe(filter((state) => state === 'open')));

  function connect(url: string, options?: ClientOptions): Client {
    const client = createClient(url, {
      connect: (target) => new WebSocket(target),
      retryMinMs: 10,
      retryMaxMs: 20,
      ...options,
    });
    afterTest(() => client.close());
    return client;
  }

  it('hears the present state, each change, entries and whole values', async () => {
    const { hub, keeper, url } = await stand({ maxBatchEntries: 1 });
    hub.snapshots('overview', { edition: () => ({ epoch: 1, revision: 1 }), build: () => 'all' });
    const client = connect(url);
    expect(await firstValueFrom(client.notices$)).toMatchObject({ topic: '', health: 'healthy' });
    expect(await firstValueFrom(client.snapshots$)).toMatchObject({ value: 'all', reset: true });
    const entries = firstValueFrom(client.entries$);
    hub.publish('logs', 'a');
    expect(await entries).toMatchObject({ topic: 'logs', entries: ['a'] });
    const down = firstValueFrom(
      client.notices$.pipe(filter((notice) => notice.type === 'health' && notice.topic === 'db')),
    );
    keeper.broadcast({ type: 'health', topic: 'db', health: 'unhealthy' });
    expect(await down).toMatchObject({ health: 'unhealthy' });
  });

  it('leaves a draining server early and finds the one that takes its place', async () => {
    const { keeper, server, port, url } = await stand();
    const client = connect(url, { leaveWithinMs: 20 });
    await open(client);
    const report = await keeper.drain({ graceMs: 2_000, deadlineMs: 5_000 });
    expect(report.sessions).toMatchObject({ total: 1, early: 1, forced: 0 });
    server.close();

    const successor = createSupervisor();
    afterTest(() => successor.stop());
    const hub = createHub(successor);
    const next = createServer();
    hub.attach(next, '/feed');
    await once(server, 'close');
    next.listen(port, '127.0.0.1');
    afterTest(() => next.closeAllConnections());
    afterTest(() => next.close());
    successor.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    await firstValueFrom(client.notices$.pipe(filter((notice) => notice.type === 'health' && notice.topic === 'db')));
    expect(client.healthOf('db')).toBe('degraded');
  });

  it('gives its slot back when it is closed', async () => {
    const { hub, url } = await stand();
    const client = connect(url);
    await open(client);
    client.close();
    await clientsBecome(hub, 0);
    await settle();
    expect(client.state).toBe('stopped');
  });

  it('tries on while nobody listens, without an error that surfaces', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    const client = connect(`ws://127.0.0.1:${port}/feed`);
    const states = await firstValueFrom(client.state$.pipe(take(5), toArray()));
    expect(states).toEqual(['connecting', 'waiting', 'connecting', 'waiting', 'connecting']);
  });
});
