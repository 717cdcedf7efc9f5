import type { Socket } from 'node:net';
import type { CloseReason, Supervisor, SupervisorEvent } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { sseFeed } from '../src/index.ts';
import { noticesOf, readFeed } from './support/readFeed.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** Broadcasts changes of so many topics that a client who does not read has soon filled its socket. @returns how many. */
function broadcastMany(keeper: Supervisor): number {
  const detail = 'x'.repeat(200);
  for (let n = 0; n < 100; n += 1) keeper.broadcast({ type: 'health', topic: `t${n}`, health: 'unhealthy', detail });
  return 100;
}

function endsOf(keeper: Supervisor): CloseReason[] {
  const reasons: CloseReason[] = [];
  keeper.events$.subscribe((event: SupervisorEvent) => {
    if (event.type === 'actor.ended' && event.kind === 'session') reasons.push(event.reason);
  });
  return reasons;
}

describe('the slot of a feed’s client', () => {
  it('is taken from one that never reads, and delays nobody for it (INV-1)', async () => {
    const keeper = startSupervisor();
    const ends = endsOf(keeper);
    const { url, port } = await serve(sseFeed(keeper, { notifier: { stallAfterMs: 1_000, evictAfterMs: 1_000 } }));
    const deaf = await dial(port, get);
    deaf.socket.pause();
    const reader = await readFeed(url);
    await until(() => keeper.stats().sessions.open === 2);
    let sent = 0;
    await until(() => {
      sent += broadcastMany(keeper);
      return ends.length > 0;
    });
    expect(ends).toEqual(['stalled']);
    await until(() => noticesOf(reader.blocks).at(-1)?.seq === sent);
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
  });

  it('does not hold up a drain although the client never reads (INV-31)', async () => {
    const keeper = startSupervisor();
    const { port } = await serve(sseFeed(keeper, { notifier: { stallAfterMs: 50 } }));
    const deaf = await dial(port, get);
    deaf.socket.pause();
    await until(() => keeper.stats().sessions.open === 1);
    let stalled = false;
    keeper.events$.subscribe(({ type }) => {
      stalled ||= type === 'delivery.stalled';
    });
    await until(() => {
      broadcastMany(keeper);
      return stalled;
    });
    const report = await keeper.drain({ graceMs: 200, deadlineMs: 60_000 });
    expect(report.sessions).toEqual({ total: 1, early: 0, forced: 1, stragglers: 0 });
    expect(report.notifiers).toEqual({ told: 0, evicted: 1 });
    expect(report.unfinished).toEqual([]);
    expect(report.durationMs).toBeLessThan(60_000);
  });

  it('has the whole grace although there was room for the goaway, which was not told before it left us (INV-31)', async () => {
    const keeper = startSupervisor();
    const { port, server } = await serve(sseFeed(keeper));
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const deaf = await dial(port, get);
    deaf.socket.pause();
    const far = await accepted;
    await until(() => keeper.stats().sessions.open === 1);
    await until(() => {
      for (let n = 0; n < 50 && far.writableLength === 0; n += 1) {
        keeper.broadcast({ type: 'health', topic: `t${n}`, health: 'unhealthy', detail: 'x'.repeat(100) });
      }
      return far.writableLength > 0;
    });
    const report = await keeper.drain({ graceMs: 200, deadlineMs: 3_000 });
    expect(far.writableNeedDrain).toBe(false);
    expect([report.sessions, report.notifiers]).toEqual([
      { total: 1, early: 0, forced: 1, stragglers: 0 },
      { told: 0, evicted: 1 },
    ]);
  });

  it('comes back, however rudely clients leave (INV-15)', async () => {
    const keeper = startSupervisor();
    const { port, url } = await serve(sseFeed(keeper));
    const rude = await Promise.all(Array.from({ length: 20 }, () => dial(port, get)));
    const polite = await Promise.all(Array.from({ length: 5 }, () => readFeed(url)));
    await until(() => keeper.stats().sessions.open === 25);
    for (const [index, { socket }] of rude.entries()) {
      if (index % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    for (const { leave } of polite) leave();
    for (let n = 0; n < 50; n += 1) keeper.broadcast({ type: 'health', topic: `t${n}`, health: 'healthy' });
    await until(() => keeper.stats().sessions.taken === 0);
    expect(keeper.stats()).toMatchObject({ sessions: { open: 0, taken: 0 }, notifiers: { open: 0 } });
  });

  it('is not taken for HEAD, nor for a method that is not known, which counts as refused (INV-77)', async () => {
    const keeper = startSupervisor({ maxSessions: 1 });
    const refused: unknown[] = [];
    keeper.events$.subscribe((event) => {
      if (event.type === 'client.refused') refused.push([event.by, event.reason, event.peer]);
    });
    const { url } = await serve(sseFeed(keeper, { peerOf: () => 'somebody' }));
    const head = await fetch(url, { method: 'HEAD' });
    const post = await fetch(url, { method: 'POST' });
    expect([head.status, head.headers.get('content-type'), post.status, post.headers.get('allow')]).toEqual([
      200,
      'text/event-stream',
      405,
      'GET, HEAD',
    ]);
    expect(refused).toEqual([['sse', 'method', 'somebody']]);
    expect(keeper.stats()).toMatchObject({ sessions: { taken: 0 }, lost: { refused: 1 } });
  });

  it('comes back from a client whose topics are none, and it is said whose fault that is', async () => {
    const keeper = startSupervisor();
    const feed = sseFeed(keeper, { topicsOf: () => 'a' as unknown as string[] });
    const refused: unknown[] = [];
    keeper.events$.subscribe((event) => {
      if (event.type === 'client.refused') refused.push([event.by, event.reason]);
    });
    const { url } = await serve(feed);
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([500, 'Internal error\n']);
    expect(refused).toEqual([['sse', 'hook']]);
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('comes back when the response had been begun by somebody else, and when the client had gone', async () => {
    const keeper = startSupervisor();
    const feed = sseFeed(keeper);
    const ended: unknown[] = [];
    const { url, port } = await serve(async (request, response) => {
      if (request.url === '/late') await new Promise((resolve) => response.once('close', resolve));
      else response.writeHead(200).write('begun');
      feed(request, response);
      response.end();
      ended.push(request.url);
    });
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    const gone = await dial(port, get.replace('GET /', 'GET /late'));
    gone.socket.destroy();
    await until(() => ended.length === 2);
    expect([ended, keeper.stats().lost.refused]).toEqual([['/', '/late'], 1]);
    expect(keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
  });

  it('is refused to one more than may follow a topic, and to nobody who follows another', async () => {
    const keeper = startSupervisor({ maxSessionsPerTopic: 1 });
    const { url } = await serve(
      sseFeed(keeper, { topicsOf: ({ url = '' }) => new URL(url, 'http://x').searchParams.getAll('topic') }),
    );
    const first = await readFeed(`${url}/?topic=db&topic=api`);
    const refused = await fetch(`${url}/?topic=api`);
    expect([refused.status, await refused.text()]).toEqual([503, 'capacity\n']);
    await readFeed(`${url}/?topic=queue`);
    await readFeed(url);
    expect(keeper.stats().sessions.taken).toBe(3);
    first.leave();
    await until(() => keeper.stats().sessions.taken === 2);
    expect((await readFeed(`${url}/?topic=api`)).response.status).toBe(200);
  });
});
