import { OutgoingMessage } from 'node:http';
import { InvalidOptionError } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type SseFeedOptions, sseFeed } from '../src/index.ts';
import { noticesOf, readFeed } from './support/readFeed.ts';
import { startSupervisor } from './support/supervisor.ts';
import { serve, until } from './support/testServer.ts';

const asBrowser = { accept: 'text/event-stream' };

describe('sseFeed', () => {
  it('sends the present state first, then every change, with retry and ids (INV-8)', async () => {
    const keeper = startSupervisor();
    keeper.broadcast({ type: 'health', topic: 'api', health: 'degraded' });
    const { url } = await serve(sseFeed(keeper, { feedId: 'feed', retryMs: 2_000, random: () => 0.5 }));
    const { response, blocks } = await readFeed(url);
    await until(() => blocks.length === 3);
    keeper.broadcast({ type: 'health', topic: 'api', health: 'healthy' });
    await until(() => blocks.length === 4);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(blocks[0]).toEqual({ retry: '3000' });
    expect(noticesOf(blocks).map(({ topic, health, seq }) => [topic, health, seq])).toEqual([
      ['', 'healthy', 0],
      ['api', 'degraded', 1],
      ['api', 'healthy', 2],
    ]);
    expect(blocks.map(({ event, id }) => [event, id])).toEqual([
      [undefined, undefined],
      ['health', 'feed.1'],
      ['health', 'feed.2'],
      ['health', 'feed.3'],
    ]);
  });

  it('sends a client that comes back only what it missed', async () => {
    const keeper = startSupervisor();
    for (const topic of ['a', 'b', 'c']) keeper.broadcast({ type: 'health', topic, health: 'unhealthy' });
    const { url } = await serve(sseFeed(keeper));
    const { blocks: before } = await readFeed(url);
    await until(() => noticesOf(before).length === 4);
    const returns = [before[1], before[3], before[4]].map((last) => readFeed(url, { 'last-event-id': last?.id ?? '' }));
    const returned = await Promise.all(returns);
    keeper.broadcast({ type: 'health', topic: 'news', health: 'healthy' });
    const topics = () => returned.map(({ blocks }) => noticesOf(blocks).map(({ topic }) => topic));
    await until(() => topics().every((told) => told.includes('news')));
    expect(topics()).toEqual([['a', 'b', 'c', 'news'], ['c', 'news'], ['news']]);
  });

  it('tells all to a client that comes back for other topics', async () => {
    const keeper = startSupervisor();
    for (const topic of ['a', 'b']) keeper.broadcast({ type: 'health', topic, health: 'unhealthy' });
    const topicsOf = ({ url = '' }) => url.slice(1).split(',');
    const { url } = await serve(sseFeed(keeper, { topicsOf }));
    const { blocks: before } = await readFeed(`${url}/b`);
    await until(() => noticesOf(before).length === 1);
    const { blocks } = await readFeed(`${url}/a,b`, { 'last-event-id': before[1]?.id ?? '' });
    await until(() => noticesOf(blocks).length === 2);
    expect(noticesOf(blocks).map(({ topic }) => topic)).toEqual(['a', 'b']);
  });

  it('resumes by the order of changes where notices bring a number of their own', async () => {
    const keeper = startSupervisor();
    keeper.broadcast({ type: 'health', topic: 'a', health: 'unhealthy', seq: 50 });
    const { url } = await serve(sseFeed(keeper));
    const { blocks: before, leave } = await readFeed(url);
    await until(() => noticesOf(before).length === 2);
    leave();
    keeper.broadcast({ type: 'health', topic: 'b', health: 'unhealthy', seq: 7 });
    const { blocks } = await readFeed(url, { 'last-event-id': before[2]?.id ?? '' });
    await until(() => noticesOf(blocks).length === 1);
    expect(noticesOf(blocks).map(({ topic, seq }) => [topic, seq])).toEqual([['b', 7]]);
  });

  it.each(['other.2', '2', 'feed.', 'feed.two', 'feed.99999999999999999999', 'feed.1000', 'feed.abc.2'])(
    'sends everything to a client whose Last-Event-ID %o is not of this feed',
    async (lastEventId) => {
      const keeper = startSupervisor();
      keeper.broadcast({ type: 'health', topic: 'a', health: 'unhealthy' });
      const { url } = await serve(sseFeed(keeper, { feedId: 'feed' }));
      const { blocks } = await readFeed(url, { 'last-event-id': lastEventId });
      await until(() => noticesOf(blocks).length === 2);
      expect(noticesOf(blocks).map(({ topic }) => topic)).toEqual(['', 'a']);
    },
  );

  it('writes each notice once, however many clients are told (INV-24)', async () => {
    const keeper = startSupervisor();
    const { url } = await serve(sseFeed(keeper));
    const readers = await Promise.all([readFeed(url), readFeed(url), readFeed(url)]);
    await until(() => readers.every(({ blocks }) => noticesOf(blocks).length === 1));
    const stringify = vi.spyOn(JSON, 'stringify');
    onTestFinished(() => stringify.mockRestore());
    keeper.broadcast({ type: 'health', topic: 'a', health: 'degraded' });
    await keeper.drain({ noticeMs: 20, graceMs: 1_000 });
    const written = stringify.mock.calls.map(([value]) => (value as { type: string }).type);
    expect(written.filter((type) => type === 'health')).toHaveLength(2);
    expect(written.filter((type) => type === 'goaway')).toHaveLength(1);
    for (const { blocks, ended } of readers) {
      await ended;
      expect(noticesOf(blocks).map(({ type }) => type)).toEqual(['health', 'health', 'health', 'goaway']);
    }
  });

  it('writes what changed at once in one piece, made once for all who have read as far (INV-24)', async () => {
    const keeper = startSupervisor();
    const { url } = await serve(sseFeed(keeper));
    const readers = await Promise.all([readFeed(url), readFeed(url), readFeed(url)]);
    await until(() => readers.every(({ blocks }) => noticesOf(blocks).length === 1));
    const write = vi.spyOn(OutgoingMessage.prototype, 'write');
    onTestFinished(() => write.mockRestore());
    const topics = Array.from({ length: 600 }, (_, index) => `topic ${index}`);
    for (const topic of topics) keeper.broadcast({ type: 'health', topic, health: 'degraded' });
    await until(() => readers.every(({ blocks }) => noticesOf(blocks).length === 601));
    const chunks = write.mock.calls.map(([chunk]) => chunk);
    const pieces = new Set(chunks);
    expect([...pieces].map((piece) => chunks.filter((chunk) => chunk === piece).length)).toEqual([3, 3, 3]);
    for (const { blocks } of readers) {
      expect(noticesOf(blocks.slice(2)).map(({ topic }) => topic)).toEqual(topics);
      expect(new Set(blocks.slice(1).map(({ id }) => id)).size).toBe(601);
    }
  });

  it('shows only the topics it may', async () => {
    const keeper = startSupervisor();
    keeper.broadcast({ type: 'health', topic: 'secret', health: 'unhealthy' });
    keeper.broadcast({ type: 'health', topic: 'public', health: 'healthy' });
    const { url } = await serve(sseFeed(keeper, { topicsOf: ({ url }) => (url === '/' ? ['public'] : undefined) }));
    const { blocks } = await readFeed(url);
    await until(() => blocks.length === 2);
    expect(noticesOf(blocks).map(({ topic }) => topic)).toEqual(['public']);
  });

  it('refuses beyond the cap with 503 and Retry-After, takes nothing for it, and admits again after an end (INV-14)', async () => {
    const keeper = startSupervisor({ maxSessions: 1, retryAfterMs: 3_000 });
    const { url } = await serve(sseFeed(keeper, { retryJitter: 0 }));
    const first = await readFeed(url);
    const second = await fetch(url);
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '3']);
    expect(second.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
    first.leave();
    await until(() => keeper.stats().sessions.taken === 0);
    expect((await readFeed(url)).response.status).toBe(200);
  });

  it('refuses an EventSource without killing it: 200, when to come back, end', async () => {
    const keeper = startSupervisor({ maxSessions: 1, retryAfterMs: 3_000 });
    const { url } = await serve(sseFeed(keeper, { retryJitter: 0 }));
    await readFeed(url, asBrowser);
    const { response, blocks, ended } = await readFeed(url, asBrowser);
    expect(await ended).toBe('ended');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(blocks).toMatchObject([{ event: 'refused', retry: '3000' }]);
    expect(JSON.parse(blocks[0]?.data ?? '')).toEqual({ type: 'refused', reason: 'capacity', retryMs: 3_000 });
    expect(keeper.stats().sessions.taken).toBe(1);
  });

  it('refuses by load as it refuses when full: with the reason and when to come back', async () => {
    const keeper = startSupervisor({ admit: () => ({ retryAfterMs: 4_000 }) });
    const { url } = await serve(sseFeed(keeper, { retryJitter: 0 }));
    const plain = await fetch(url);
    expect([plain.status, plain.headers.get('retry-after'), await plain.text()]).toEqual([503, '4', 'overload\n']);
    const { blocks, ended } = await readFeed(url, asBrowser);
    await ended;
    expect(JSON.parse(blocks[0]?.data ?? '')).toEqual({ type: 'refused', reason: 'overload', retryMs: 4_000 });
  });

  it('caps the clients of one peer', async () => {
    const keeper = startSupervisor({ maxSessionsPerPeer: 1 });
    const { url } = await serve(sseFeed(keeper, { peerOf: ({ headers }) => String(headers['x-user']) }));
    const statuses = [];
    for (const user of ['ann', 'ann', 'bob']) statuses.push((await readFeed(url, { 'x-user': user })).response.status);
    expect(statuses).toEqual([200, 503, 200]);
  });

  it('says by retry when a drain that spreads its clients wants each back, and never lets a browser come without a rest', async () => {
    const draws = [0.25, 0];
    const keeper = startSupervisor({ random: () => draws.shift() ?? 0 });
    const { url } = await serve(sseFeed(keeper));
    const clients = await Promise.all([readFeed(url), readFeed(url)]);
    await until(() => clients.every(({ blocks }) => noticesOf(blocks).length === 1));
    await keeper.drain({ graceMs: 3_000, deadlineMs: 4_000, reconnectSpreadMs: 60_000 });
    await Promise.all(clients.map(({ ended }) => ended));
    const told = clients.map(({ blocks }) => [blocks.at(-1)?.retry, JSON.parse(blocks.at(-1)?.data ?? '')]);
    expect(told.sort()).toMatchObject([
      ['100', { reconnectAfterMs: 0 }],
      ['15000', { reconnectAfterMs: 15_000 }],
    ]);
  });

  it('ends every stream on drain with the goaway last and a retry of its own, and drains whole (INV-5, INV-25)', async () => {
    const keeper = startSupervisor();
    const draws = [0, 0, 0.25, 0.75];
    const { url } = await serve(sseFeed(keeper, { retryMs: 1_000, random: () => draws.shift() ?? 0 }));
    const clients = await Promise.all([readFeed(url), readFeed(url)]);
    await until(() => clients.every(({ blocks }) => noticesOf(blocks).length === 1));
    const report = await keeper.drain({ graceMs: 60_000, deadlineMs: 70_000, uri: 'https://other.example/' });
    expect(await Promise.all(clients.map(({ ended }) => ended))).toEqual(['ended', 'ended']);
    expect(report).toMatchObject({
      sessions: { total: 2, early: 2, forced: 0 },
      notifiers: { told: 2, evicted: 0 },
      reason: 'drained',
      unfinished: [],
    });
    expect(report.durationMs).toBeLessThan(60_000);
    const last = clients.map(({ blocks }) => blocks.at(-1));
    for (const block of last) {
      expect(block?.event).toBe('goaway');
      expect(JSON.parse(block?.data ?? '')).toMatchObject({ type: 'goaway', uri: 'https://other.example/' });
    }
    expect(last.map((block) => block?.retry).sort()).toEqual(['1250', '1750']);
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
  });

  it('never answers an EventSource that comes back during a drain with a status that would kill it', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const { url } = await serve(sseFeed(keeper));
    const drained = keeper.drain({ noticeMs: 300 });
    const { response, blocks, ended } = await readFeed(url, asBrowser);
    expect(await ended).toBe('ended');
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    expect(JSON.parse(blocks[0]?.data ?? '')).toMatchObject({ reason: 'draining' });
    expect((await fetch(url)).status).toBe(503);
    await clock.advance(300);
    await drained;
  });

  it('refuses everybody after the stop, and stopping twice is one stop', async () => {
    const keeper = startSupervisor();
    const { url } = await serve(sseFeed(keeper));
    const { blocks, ended } = await readFeed(url);
    await until(() => noticesOf(blocks).length === 1);
    const reports = await Promise.all([keeper.stop(), keeper.stop()]);
    expect(reports[0]).toBe(reports[1]);
    expect(await ended).toBe('broken');
    expect((await fetch(url)).status).toBe(503);
    expect((await readFeed(url, asBrowser)).response.status).toBe(200);
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
  });

  it('keeps a quiet connection alive with comments, by the clock it is given (INV-78)', async () => {
    const keeper = startSupervisor();
    const clock = new VirtualClock();
    const { url } = await serve(sseFeed(keeper, { clock, keepAliveMs: 15_000 }));
    const { blocks, leave } = await readFeed(url);
    await until(() => blocks.length === 2);
    await clock.advance(10_000);
    keeper.broadcast({ type: 'health', topic: 'a', health: 'healthy' });
    await until(() => blocks.length === 3);
    await clock.advance(14_999);
    expect(blocks.length).toBe(3);
    await clock.advance(1);
    await until(() => blocks.length === 4);
    expect(blocks[3]).toEqual({ comment: 'keep-alive' });
    leave();
    await until(() => clock.pending === 0);
  });

  it.each<[string, unknown]>([
    ['sseFeed.retryMs', { retryMs: 0 }],
    ['sseFeed.retryJitter', { retryJitter: 2 }],
    ['sseFeed.keepAliveMs', { keepAliveMs: -1 }],
    ['sseFeed.feedId', { feedId: 'a.b' }],
    ['sseFeed.peerOf', { peerOf: 'ip' }],
    ['sseFeed.topicsOf', { topicsOf: ['a'] }],
    ['sseFeed.clock', { clock: Date }],
    ['sseFeed.random', { random: 4 }],
    ['sseFeed.notifier', { notifier: 5 }],
    ['sseFeed.notifier.stallAfterMs', { notifier: { stallAfterMs: 0 } }],
    ['sseFeed.notifier.evictAfterMs', { notifier: { evictAfterMs: '1s' } }],
    ['sseFeed.notifier.maxPending', { notifier: { maxPending: 0 } }],
    ['sseFeed.retry', { retry: 5 }],
  ])('refuses a wrong %s by its name', (option, options) => {
    const keeper = startSupervisor();
    expect(() => sseFeed(keeper, options as SseFeedOptions)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });
});
