import { InvalidOptionError } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { HubEvent } from '../src/index.ts';
import { clientsBecome, join, nonReader, stand, type TestClient } from './support/testHub.ts';

type Entries = { type: 'entries'; topic: string; entries: unknown[] };

const entriesOf = (client: TestClient, topic: string): unknown[] =>
  (client.frames as Entries[])
    .filter((frame) => frame.type === 'entries' && frame.topic === topic)
    .flatMap(({ entries }) => entries);

const isEntries = (frame: { type: string }) => frame.type === 'entries';

describe('entries', () => {
  it('go out as one frame when there are a hundred of them', async () => {
    const { hub, url } = await stand({ clock: new VirtualClock() });
    const client = await join(url);
    for (let n = 0; n < 100; n += 1) hub.publish('logs', { n });
    await client.until(isEntries);
    expect(entriesOf(client, 'logs')).toEqual(Array.from({ length: 100 }, (_, n) => ({ n })));
    expect(client.frames.filter((frame) => isEntries(frame as Entries))).toHaveLength(1);
  });

  it('go out together when the first of them has waited 500 ms', async () => {
    const clock = new VirtualClock();
    const { hub, url } = await stand({ clock });
    const client = await join(url);
    hub.publish('logs', 'a');
    hub.publish('metrics', 1);
    await clock.advance(499);
    hub.publish('logs', 'b');
    await client.told('', 'healthy');
    expect(client.frames.some((frame) => isEntries(frame as Entries))).toBe(false);
    await clock.advance(1);
    await client.until((frame: Entries) => frame.topic === 'metrics');
    expect(entriesOf(client, 'logs')).toEqual(['a', 'b']);
    expect(entriesOf(client, 'metrics')).toEqual([1]);
  });

  it('that JSON cannot hold are refused at the call', async () => {
    const { hub } = await stand();
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(() => hub.publish('logs', loop)).toThrow(InvalidOptionError);
    expect(() => hub.publish('logs', undefined)).toThrow('`hub.publish.entry`');
  });

  it('are written once for their whole audience (INV-24)', async () => {
    const { hub, url } = await stand({ maxBatchEntries: 1 });
    const clients = await Promise.all(Array.from({ length: 5 }, () => join(url)));
    let written = 0;
    const entry = { toJSON: () => ({ written: ++written }) };
    hub.publish('logs', entry);
    await Promise.all(clients.map((client) => client.until(isEntries)));
    expect(clients.map((client) => entriesOf(client, 'logs'))).toEqual(Array(5).fill([{ written: 1 }]));
  });

  it('published before a stop arrive before the close (INV-22)', async () => {
    const { hub, keeper, url } = await stand({ clock: new VirtualClock() });
    const clients = [await join(url), await join(url)];
    hub.publish('logs', 'last words');
    await keeper.stop();
    for (const client of clients) {
      expect((await client.ended).code).toBe(1001);
      expect(entriesOf(client, 'logs')).toEqual(['last words']);
    }
  });

  it('published before the hub alone stops arrive too; later ones are counted as dropped (INV-22, INV-23)', async () => {
    const { hub, url } = await stand({ clock: new VirtualClock() });
    const client = await join(url);
    hub.publish('logs', 'last words');
    await hub.stop();
    await client.ended;
    expect(entriesOf(client, 'logs')).toEqual(['last words']);
    hub.publish('logs', 'too late');
    expect(hub.stats().droppedEntries).toBe(1);
  });

  it('that wait for a client that is slow to read arrive before the close too (INV-22)', async () => {
    const { hub, keeper, url } = await stand(
      { maxBatchEntries: 1, maxBufferedBytes: 1, closeTimeoutMs: 60_000 },
      { closeTimeoutMs: 60_000 },
    );
    const client = await join(url);
    client.socket.pause();
    const bulk = 'x'.repeat(4_000_000);
    for (let n = 0; n < 5; n += 1) hub.publish('logs', { n, bulk });
    const stopped = keeper.stop();
    client.socket.resume();
    await stopped;
    expect((await client.ended).code).toBe(1001);
    expect(entriesOf(client, 'logs').map((entry) => (entry as { n: number }).n)).toEqual([0, 1, 2, 3, 4]);
  });

  it('end a client whose queue of them is full, with the reason, while others get every one (INV-21)', async () => {
    const { hub, port, url } = await stand({
      maxBatchEntries: 1,
      maxQueuedFrames: 8,
      maxBufferedBytes: 1,
      closeTimeoutMs: 50,
      slowClientCode: 1008,
    });
    await nonReader(port);
    const healthy = await join(url);
    const events: HubEvent[] = [];
    hub.events$.subscribe((event) => events.push(event));
    const bulk = 'x'.repeat(1_000_000);
    const total = 24;
    for (let n = 0; n < total; n += 1) {
      hub.publish('logs', { n, bulk });
      await healthy.until((frame: { entries?: { n: number }[] }) => frame.entries?.[0]?.n === n);
    }
    await clientsBecome(hub, 1);
    expect(events).toMatchObject([
      { type: 'frames.dropped', frames: 9 },
      { type: 'client.closed', reason: 'stalled', clients: 1 },
    ]);
    expect(hub.stats().droppedFrames).toBe(9);
    expect(entriesOf(healthy, 'logs')).toHaveLength(total);
  });
});

describe('a scope', () => {
  const authenticate = (request: { headers: Record<string, unknown> }) => {
    const tenant = request.headers['x-tenant'];
    return typeof tenant === 'string' ? { scope: tenant } : {};
  };
  const as = (tenant: string) => ({ headers: { 'x-tenant': tenant } });

  it('Hub_CrossTenantIsolation: shows each client only what is of its own', async () => {
    const { hub, url } = await stand({ authenticate, maxBatchEntries: 1 });
    const [red, blue] = [await join(url, as('red')), await join(url, as('blue'))];
    hub.publish('logs', 'for red', { scope: 'red' });
    hub.publish('logs', 'for blue', { scope: 'blue' });
    await Promise.all([red.until(isEntries), blue.until(isEntries)]);
    expect(entriesOf(red, 'logs')).toEqual(['for red']);
    expect(entriesOf(blue, 'logs')).toEqual(['for blue']);
  });

  it('Hub_UntaggedEntryNeverReachesScopedSocket: nor does one with a scope reach a client without', async () => {
    const { hub, url } = await stand({ authenticate, maxBatchEntries: 1 });
    const [red, open] = [await join(url, as('red')), await join(url)];
    hub.publish('logs', 'untagged');
    hub.publish('logs', 'for red', { scope: 'red' });
    await Promise.all([red.until(isEntries), open.until(isEntries)]);
    expect(entriesOf(red, 'logs')).toEqual(['for red']);
    expect(entriesOf(open, 'logs')).toEqual(['untagged']);
  });
});

describe('a subscription', () => {
  it('in the query limits notices and entries to its topics', async () => {
    const { hub, keeper, url } = await stand({ maxBatchEntries: 1 });
    const client = await join(`${url}?topic=db&topic=logs`);
    keeper.broadcast({ type: 'health', topic: 'web', health: 'unhealthy' });
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    hub.publish('metrics', 1);
    hub.publish('logs', 'a');
    await client.until(isEntries);
    await client.told('db', 'degraded');
    expect((client.frames as { topic: string }[]).map(({ topic }) => topic).sort()).toEqual(['db', 'logs']);
  });

  it('by message takes the place of the one before and is told the present state anew', async () => {
    const { keeper, url } = await stand();
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    const client = await join(`${url}?topic=`);
    await client.told('', 'healthy');
    client.socket.send(JSON.stringify({ type: 'subscribe', topics: ['db'] }));
    await client.told('db', 'degraded');
    keeper.broadcast({ type: 'health', topic: '', health: 'unhealthy' });
    keeper.broadcast({ type: 'health', topic: 'db', health: 'healthy' });
    await client.told('db', 'healthy');
    expect(client.notices.map((notice) => notice.type === 'health' && notice.topic)).toEqual(['', 'db', 'db']);
    client.socket.send(JSON.stringify({ type: 'subscribe' }));
    await client.told('', 'unhealthy');
  });

  it('never limits what concerns everybody: that the whole is going', async () => {
    const { keeper, url } = await stand();
    const client = await join(`${url}?topic=none`);
    await keeper.drain({ noticeMs: 20, graceMs: 20 });
    await client.ended;
    expect(client.frames).toMatchObject([{ topic: '', health: 'stopped' }, { type: 'goaway' }]);
  });

  it('cannot go past what was granted', async () => {
    const { keeper, url } = await stand({ authenticate: () => ({ topics: ['db'] }) });
    const client = await join(`${url}?topic=web&topic=db`);
    keeper.broadcast({ type: 'health', topic: 'web', health: 'unhealthy' });
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    await client.told('db', 'degraded');
    expect(client.frames).toHaveLength(1);
  });

  it('to too many topics ends the client with 1008', async () => {
    const { hub, url } = await stand({ maxTopics: 2 });
    const client = await join(url);
    client.socket.send(JSON.stringify({ type: 'subscribe', topics: ['a', 'b', 'c'] }));
    expect(await client.ended).toEqual({ code: 1008, reason: 'too many topics' });
    await clientsBecome(hub, 0);
  });

  it('to a topic with a longer name than is allowed ends the client with 1008', async () => {
    const { hub, url } = await stand({ maxTopicLength: 4 });
    const failed = firstValueFrom(hub.events$.pipe(filter(({ type }) => type === 'client.failed')));
    const client = await join(`${url}?topic=four`);
    client.socket.send(JSON.stringify({ type: 'subscribe', topics: ['four', 'fives'] }));
    expect(await client.ended).toEqual({ code: 1008, reason: 'name of a topic too long' });
    expect(await failed).toMatchObject({ cause: { code: 'CLIENT_LIMIT', option: 'maxTopicLength' } });
    await clientsBecome(hub, 0);
  });

  it('is the only message that is taken; others are counted', async () => {
    const { hub, keeper, url } = await stand();
    const client = await join(`${url}?topic=db`);
    for (const message of ['', '{', '[]', 'null', '{"type":"hello"}', '{"type":"subscribe","topics":[1]}']) {
      client.socket.send(message);
    }
    client.socket.send(Buffer.from('{"type":"subscribe"}'));
    client.socket.send('{"type":"subscribe","topics":["db","web"]}');
    keeper.broadcast({ type: 'health', topic: 'web', health: 'healthy' });
    await client.told('web', 'healthy');
    expect(hub.stats().ignoredMessages).toBe(7);
  });
});
