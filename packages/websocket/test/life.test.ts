import { once } from 'node:events';
import { defineProbe, type Notice } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import type { HubEvent } from '../src/index.ts';
import { clientsBecome, join, nextEnd, nonReader, refusedJoin, stand } from './support/testHub.ts';

describe('a client of a hub', () => {
  it('is told the present state first, then each change (INV-8)', async () => {
    const { keeper, url } = await stand();
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    const client = await join(url);
    await client.told('db', 'degraded');
    keeper.broadcast({ type: 'health', topic: 'db', health: 'healthy' });
    await client.told('db', 'healthy');
    expect(client.notices.map((notice) => notice.type === 'health' && [notice.topic, notice.health])).toEqual([
      ['', 'healthy'],
      ['db', 'degraded'],
      ['db', 'healthy'],
    ]);
  });

  it('is told of a monitor by its id', async () => {
    const { keeper, url } = await stand();
    const client = await join(url);
    keeper.monitor(
      'disk',
      defineProbe('disk', async () => ({ status: 'pass' })),
    );
    await client.told('disk', 'healthy');
  });

  it('gives its slot back within two seconds when an idle one disconnects (INV-15)', async () => {
    const { hub, keeper, url } = await stand();
    const client = await join(url);
    client.socket.close();
    expect(await nextEnd(hub)).toBe('peer');
    expect([hub.clients, keeper.stats().sessions.taken, keeper.stats().notifiers.open]).toEqual([0, 0, 0]);
  });

  it('gives its slot back when its connection is torn off (INV-15)', async () => {
    const { hub, keeper, port } = await stand();
    const socket = await nonReader(port);
    const end = nextEnd(hub);
    socket.resetAndDestroy();
    expect(['peer', 'failed']).toContain(await end);
    expect(keeper.stats().sessions.taken).toBe(0);
  });

  it('gives its slot back once, with every opening and closing counted (INV-15, INV-22)', async () => {
    const { hub, keeper, url } = await stand();
    const counts: number[] = [];
    hub.events$.subscribe((event) => {
      if (event.type === 'client.opened' || event.type === 'client.closed') counts.push(event.clients);
    });
    await join(url);
    await join(url);
    await keeper.stop();
    await clientsBecome(hub, 0);
    expect(counts).toEqual([1, 2, 1, 0]);
  });

  it('that does not read is evicted with its reason while the others hear everything (INV-1, INV-21)', async () => {
    const { hub, keeper, port, url } = await stand({
      notifier: { stallAfterMs: 1_000, evictAfterMs: 1_000 },
      maxBufferedBytes: 1,
      closeTimeoutMs: 50,
    });
    await nonReader(port);
    const healthy = await join(url);
    const events: HubEvent[] = [];
    hub.events$.subscribe((event) => events.push(event));
    const detail = 'x'.repeat(1_000);
    // A detail has a limit, and so have the buffers of the system: topics enough to fill them, again and again.
    while (events.length === 0) {
      for (let n = 0; n < 200; n += 1) {
        keeper.broadcast({ type: 'health', topic: `t${n}`, health: 'degraded', detail });
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    keeper.broadcast({ type: 'health', topic: 'db', health: 'healthy' });
    await healthy.told('db', 'healthy');
    await clientsBecome(hub, 1);
    expect(events).toMatchObject([{ type: 'client.closed', reason: 'stalled', clients: 1 }]);
  });

  it('comes and goes under broadcast without a throw or a lost slot (INV-20)', async () => {
    const { hub, keeper, url } = await stand();
    const rounds = 12;
    let broadcasting = true;
    const broadcast = async () => {
      for (let n = 0; broadcasting; n += 1) {
        keeper.broadcast({ type: 'health', topic: `t${n % 7}`, health: n % 2 === 0 ? 'healthy' : 'degraded' });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const churn = async () => {
      for (let n = 0; n < rounds; n += 1) {
        const { socket, ended } = await join(url);
        if (n % 3 === 0) socket.terminate();
        else socket.close();
        await ended;
      }
    };
    const done = broadcast();
    await Promise.all([churn(), churn(), churn()]);
    broadcasting = false;
    await done;
    await clientsBecome(hub, 0);
    expect(keeper.stats()).toMatchObject({ sessions: { open: 0, taken: 0 }, notifiers: { open: 0 } });
    expect(keeper.stats().lost.actorsFailed).toBe(0);
  });
});

describe('a drain', () => {
  it('tells each client to go, then closes who stays with 1012', async () => {
    const { keeper, url } = await stand();
    const client = await join(url);
    const report = await keeper.drain({ graceMs: 30 });
    expect(client.notices.at(-1)).toMatchObject({ type: 'goaway', graceMs: 30 });
    expect(await client.ended).toEqual({ code: 1012, reason: 'service restart' });
    expect(report).toMatchObject({ sessions: { total: 1, early: 0, forced: 1 }, notifiers: { told: 1 } });
  });

  it('tells each client when to come back where it spreads them', async () => {
    const { keeper, url } = await stand({}, { random: () => 0.5 });
    const client = await join(url);
    await keeper.drain({ graceMs: 30, reconnectSpreadMs: 8_000 });
    expect(client.notices.at(-1)).toMatchObject({ type: 'goaway', reconnectAfterMs: 4_000 });
  });

  it('counts a client that leaves when told as early', async () => {
    const { keeper, url } = await stand();
    const client = await join(url);
    const drained = keeper.drain({ graceMs: 5_000 });
    await client.until((frame: { type: string }) => frame.type === 'goaway');
    client.socket.close(1000);
    expect(await drained).toMatchObject({ sessions: { total: 1, early: 1, forced: 0 }, reason: 'drained' });
  });

  it('refuses who comes after it began, in other words than for capacity (INV-17, INV-19)', async () => {
    const { keeper, url } = await stand();
    await join(url);
    const drained = keeper.drain({ graceMs: 100 });
    const answer = await refusedJoin(url);
    expect(answer).toEqual({ status: 503, retryAfter: '1', text: 'Shutting down, retry elsewhere' });
    await drained;
  });
});

describe('a stop', () => {
  it('closes clients with 1001, and every caller gets the same report (INV-18)', async () => {
    const { keeper, url } = await stand();
    const client = await join(url);
    const [first, second] = await Promise.all([keeper.stop(), keeper.stop()]);
    expect(second).toBe(first);
    expect(await client.ended).toEqual({ code: 1001, reason: 'server stopped' });
    expect(await keeper.stop()).toBe(first);
  });

  it('is followed by refusals, not by hangs or lost slots (INV-19)', async () => {
    const { hub, keeper, url } = await stand();
    await keeper.stop();
    expect((await refusedJoin(url)).status).toBe(503);
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0]);
  });

  it('ends within its bound with idle clients that never read (INV-18)', async () => {
    const { hub, keeper, port } = await stand({ closeTimeoutMs: 200 });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => nonReader(port)));
    const report = await keeper.stop();
    expect(report).toMatchObject({ sessions: { total: 5, forced: 5 }, unfinished: [] });
    await clientsBecome(hub, 0);
    for (const socket of sockets) socket.resume();
    await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')));
  });

  it('of the hub alone ends its clients and leaves the supervisor running (INV-18)', async () => {
    const { hub, keeper, server, url } = await stand();
    const client = await join(url);
    let completed = false;
    hub.events$.subscribe({ complete: () => (completed = true) });
    await Promise.all([hub.stop(), hub.stop()]);
    expect(await client.ended).toMatchObject({ code: 1001 });
    expect([completed, hub.clients, keeper.stats().sessions.taken, keeper.phase]).toEqual([true, 0, 0, 'running']);
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  it('of the hub alone refuses whoever is still handed to it (INV-19)', async () => {
    const { hub, keeper, server, url } = await stand();
    await hub.stop();
    server.on('upgrade', (request, socket, head) => hub.upgrade(request, socket, head));
    expect(await refusedJoin(url)).toMatchObject({ status: 503, text: 'Shutting down, retry elsewhere' });
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0]);
  });

  it('destroys the socket of who does not answer the close, by the clock of the hub (INV-78)', async () => {
    const clock = new VirtualClock();
    const { hub, port } = await stand({ clock, closeTimeoutMs: 60_000 }, { closeTimeoutMs: 120_000 });
    await nonReader(port);
    const stopped = hub.stop();
    await clock.advance(60_000);
    await stopped;
    expect(hub.clients).toBe(0);
  });
});

describe('a client of the maximum age', () => {
  const age = { maxConnectionAgeMs: 60_000, maxConnectionAgeJitter: 0, maxConnectionAgeGraceMs: 500 };

  it('is told to go and leaves, and the hub goes on', async () => {
    const clock = new VirtualClock();
    const { hub, keeper, url } = await stand({ clock, pingIntervalMs: 0, ...age }, { clock });
    const client = await join(url);
    await client.told('', 'healthy');
    const end = nextEnd(hub);
    await clock.advance(60_000);
    await client.until(({ type }: Notice) => type === 'goaway');
    expect(client.notices.at(-1)).toMatchObject({ reason: 'max_age', graceMs: 500 });
    client.socket.close();
    expect([await end, keeper.phase]).toEqual(['goaway', 'running']);
    await (await join(url)).told('', 'healthy');
  });

  it('is closed with 1012 when its grace is over', async () => {
    const clock = new VirtualClock();
    const { url } = await stand({ clock, pingIntervalMs: 0, ...age }, { clock });
    const client = await join(url);
    await client.told('', 'healthy');
    await clock.advance(60_500);
    expect(await client.ended).toEqual({ code: 1012, reason: 'maximum age' });
  });
});
