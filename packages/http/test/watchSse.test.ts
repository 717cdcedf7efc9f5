import { readFileSync } from 'node:fs';
import { InvalidOptionError, type Notice } from '@watchkeeper/core';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SseWatchEvent, type WatchSseOptions, watchSse } from '../src/client.ts';
import { sseFeed } from '../src/index.ts';
import { startSupervisor } from './support/supervisor.ts';
import { serve, until } from './support/testServer.ts';

const url = 'https://feed.example/feed';
const health = { type: 'health', topic: 'a', health: 'healthy', seq: 1, at: 0 };
const frame = (notice: { readonly type: string; readonly [name: string]: unknown }, extra = '') =>
  `event: ${notice.type}\n${extra}data: ${JSON.stringify(notice)}\n\n`;

/** A watch on virtual time, whose connections the test plays. */
function watching(options: Partial<WatchSseOptions> = {}) {
  const clock = new VirtualClock();
  const notices: Notice[] = [];
  const events: SseWatchEvent[] = [];
  const calls: { url: string; headers: Record<string, string>; aborted: () => boolean }[] = [];
  const answers: ((response: Response | Error) => void)[] = [];
  const watch = watchSse(url, {
    onNotice: (notice) => notices.push(notice),
    report: (event) => events.push(event),
    fetch: (to, { headers, signal }) => {
      calls.push({ url: to, headers, aborted: () => signal.aborted });
      return new Promise((resolve, reject) => {
        answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      });
    },
    clock,
    random: () => 0,
    ...options,
  });
  onTestFinished(() => watch.close());
  const answer = async (response: Response | Error) => {
    answers.shift()?.(response);
    await settle();
  };
  const stream = async () => {
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    const readable = new ReadableStream<Uint8Array>({
      start(controller) {
        body = controller;
      },
    });
    await answer(new Response(readable, { headers: { 'content-type': 'text/event-stream' } }));
    return {
      send: async (text: string) => {
        body?.enqueue(new TextEncoder().encode(text));
        await settle();
      },
      end: async () => {
        body?.close();
        await settle();
      },
    };
  };
  const waits = () => events.filter((event) => event.type === 'waiting').map(({ ms }) => ms);
  return { watch, clock, notices, events, calls, answer, stream, waits };
}

describe('watchSse', () => {
  it('hears notices in order, and resumes after an end where it was', async () => {
    const { watch, clock, notices, calls, stream } = watching({ headers: { Authorization: 'Bearer key' } });
    const { send, end } = await stream();
    await send(`retry: 500\n\n${frame(health, 'id: f.1\n')}`);
    await send(frame({ ...health, seq: 2 }, 'id: f.2\n'));
    expect([watch.state, notices.map((notice) => 'seq' in notice && notice.seq)]).toEqual(['open', [1, 2]]);
    await end();
    await clock.advance(499);
    expect([watch.state, calls.length]).toEqual(['waiting', 1]);
    await clock.advance(1);
    expect(calls.map(({ headers }) => headers)).toEqual([
      { Authorization: 'Bearer key', Accept: 'text/event-stream' },
      { Authorization: 'Bearer key', Accept: 'text/event-stream', 'Last-Event-ID': 'f.2' },
    ]);
  });

  it('doubles its wait with each failure in a row up to a limit, and begins anew after a notice', async () => {
    const { clock, answer, stream, waits } = watching({ retryMs: 1_000, maxRetryMs: 5_000 });
    for (const wait of [1_000, 2_000, 4_000, 5_000, 5_000]) {
      await answer(new Error('ECONNREFUSED'));
      expect(waits().at(-1)).toBe(wait);
      await clock.advance(wait);
    }
    const { send, end } = await stream();
    await send(frame(health));
    await end();
    expect(waits().at(-1)).toBe(1_000);
  });

  it('survives a 503 and waits as long as Retry-After asks', async () => {
    const { watch, clock, answer, calls, events } = watching();
    await answer(new Response(null, { status: 503, headers: { 'retry-after': '7' } }));
    expect(events).toEqual([
      { type: 'refused', status: 503, retryAfterMs: 7_000 },
      { type: 'waiting', ms: 7_000, failures: 1 },
    ]);
    await clock.advance(6_999);
    expect(watch.state).toBe('waiting');
    await clock.advance(1);
    expect([watch.state, calls.length]).toEqual(['connecting', 2]);
  });

  it.each([204, 410])('ends for good at %i', async (status) => {
    const { watch, clock, answer } = watching();
    await answer(new Response(null, { status }));
    expect([watch.state, await watch.closed, clock.pending]).toEqual(['closed', 'gone', 0]);
  });

  it('leaves when it is told to go, waits as told, and goes where the goaway points', async () => {
    const { watch, clock, notices, calls, stream, waits } = watching();
    const { send } = await stream();
    const goaway = { type: 'goaway', reason: 'draining', graceMs: 1_000, uri: '/other', at: 0 };
    await send(frame(goaway, 'retry: 3000\n'));
    expect([watch.state, notices, calls[0]?.aborted(), waits()]).toEqual(['waiting', [goaway], true, [3_000]]);
    await clock.advance(3_000);
    expect(calls[1]?.url).toBe('https://feed.example/other');
  });

  it.each([1, 90_000])('comes back %i ms after a goaway that says so, and by its own waits after that', async (ms) => {
    const { clock, calls, answer, stream, waits } = watching({ random: () => 1 });
    const { send } = await stream();
    const goaway = { type: 'goaway', reason: 'draining', graceMs: 1_000, reconnectAfterMs: ms, at: 0 };
    await send(frame(goaway, `retry: ${ms}\n`));
    expect(waits()).toEqual([ms]);
    await clock.advance(ms);
    expect(calls).toHaveLength(2);
    await answer(new Error('ECONNREFUSED'));
    expect(waits()).toEqual([ms, 1_500]);
  });

  it.each([-1, '0', null, 2 ** 31])(
    'waits as `retry:` says where a goaway says %o of when',
    async (reconnectAfterMs) => {
      const { stream, waits } = watching();
      const { send } = await stream();
      await send(frame({ type: 'goaway', reason: 'draining', graceMs: 0, reconnectAfterMs, at: 0 }, 'retry: 3000\n'));
      expect(waits()).toEqual([3_000]);
    },
  );

  it.each(['https://evil.example/feed', 'javascript:alert(1)', 'http://['])(
    'does not go to %s because a goaway says so',
    async (uri) => {
      const { clock, calls, stream } = watching();
      const { send } = await stream();
      await send(frame({ type: 'goaway', reason: 'draining', graceMs: 1_000, uri, at: 0 }));
      await clock.advance(1_000);
      expect(calls[1]?.url).toBe(url);
    },
  );

  it('keeps the id of any event for its cursor: without data, skipped, or none at all on a new connection', async () => {
    const { clock, calls, stream, waits } = watching();
    const cursors = () => calls.map(({ headers }) => headers['Last-Event-ID']);
    for (const text of ['id: a\n\n', 'id: b\nevent: other\ndata: 1\n\n', frame(health), 'id: c\n', 'id\n\n']) {
      const { send, end } = await stream();
      await send(text);
      await end();
      await clock.advance(waits().at(-1) ?? 0);
    }
    expect(cursors()).toEqual([undefined, 'a', 'b', 'b', 'b', undefined]);
  });

  it.each([
    ['žluťoučký 🐎', 'Å¾luÅ¥ouÄ\u008dkÃ½ ð\u009f\u0090\u008e'],
    ['né', 'nÃ©'],
    ['bell \u0007', undefined],
    ['i'.repeat(20_000), undefined],
  ])('sends the id %o as UTF-8, or not at all where no header can hold it', async (id, header) => {
    const { clock, calls, stream } = watching();
    const { send, end } = await stream();
    await send(frame(health, `id: ${id}\n`));
    await end();
    await clock.advance(1_000);
    expect(calls[1]?.headers['Last-Event-ID']).toBe(header);
  });

  it('comes back with any id through the fetch of the host', async () => {
    const cursors: unknown[] = [];
    const { url: to } = await serve((request, response) => {
      cursors.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`id: ${['日本', 'a\u0001', 'b'][cursors.length - 1]}\nretry: 1\n${frame(health)}`);
    });
    const watch = watchSse(`${to}/feed`, { onNotice: () => {}, random: () => 0 });
    await until(() => cursors.length === 4);
    watch.close();
    expect(cursors).toEqual([undefined, Buffer.from('日本').toString('latin1'), undefined, 'b']);
  });

  it('skips one byte order mark, and no second one', async () => {
    const { notices, events, stream } = watching();
    const { send } = await stream();
    await send(`\uFEFF${frame(health)}`);
    expect(notices).toHaveLength(1);
    const second = watching();
    const twice = await second.stream();
    await twice.send(`\uFEFF\uFEFF${frame(health)}`);
    expect([events.length, second.notices, second.events.at(-1)]).toEqual([
      1,
      [],
      { type: 'skipped', event: 'message', data: JSON.stringify(health) },
    ]);
  });

  it('waits no longer than maxRetryMs, whatever `retry:` and Retry-After ask', async () => {
    const { clock, answer, stream, waits } = watching({ maxRetryMs: 5_000 });
    await answer(new Response(null, { status: 503, headers: { 'retry-after': '86400' } }));
    await clock.advance(5_000);
    const { send, end } = await stream();
    await send(`retry: ${'9'.repeat(400)}\n\n`);
    await end();
    expect(waits()).toEqual([5_000, 5_000]);
  });

  it('waits as long as its own option says, longer than maxRetryMs too', async () => {
    const { answer, waits } = watching({ retryMs: 60_000, maxRetryMs: 5_000 });
    await answer(new Error('ECONNREFUSED'));
    expect(waits()).toEqual([60_000]);
  });

  it('gives up a connection that is silent, when connecting and when open', async () => {
    const { watch, clock, events, calls, stream } = watching({ connectTimeoutMs: 2_000, idleTimeoutMs: 30_000 });
    await clock.advance(2_000);
    expect([watch.state, calls[0]?.aborted()]).toEqual(['waiting', true]);
    await clock.advance(1_000);
    await stream();
    const { send } = await stream();
    await clock.advance(29_999);
    await send(': keep-alive\n\n');
    await clock.advance(29_999);
    expect(watch.state).toBe('open');
    await clock.advance(1);
    expect([watch.state, events.filter(({ type }) => type === 'silent').length]).toEqual(['waiting', 2]);
  });

  it('takes no answer but an event stream for one', async () => {
    const { answer, events } = watching();
    await answer(new Response('<html>', { headers: { 'content-type': 'text/html' } }));
    expect(events[0]).toMatchObject({ type: 'broken', cause: expect.any(TypeError) });
  });

  it('skips what is no notice and says so', async () => {
    const { notices, events, stream } = watching();
    const { send } = await stream();
    await send('event: health\ndata: {\n\n');
    await send('event: other\ndata: 1\n\n');
    await send(`event: health\ndata: {"type":"goaway","reason":"x"}\n\n`);
    expect([notices, events.filter(({ type }) => type === 'skipped').length]).toEqual([[], 3]);
  });

  it('breaks off an event that grows without end', async () => {
    const { watch, events, stream } = watching({ maxEventLength: 100 });
    const { send } = await stream();
    await send(`data: ${'x'.repeat(200)}`);
    expect(watch.state).toBe('waiting');
    expect(events.at(-2)).toMatchObject({ type: 'broken', cause: { code: 'EVENT_TOO_LONG' } });
  });

  it('ends when it is closed, in every state, and leaves no timer behind', async () => {
    const connecting = watching();
    connecting.watch.close();
    const open = watching();
    await open.stream();
    open.watch.close();
    const waiting = watching();
    await waiting.answer(new Error('down'));
    waiting.watch.close();
    waiting.watch.close();
    for (const { watch, clock, calls } of [connecting, open, waiting]) {
      expect([watch.state, await watch.closed, clock.pending]).toEqual(['closed', 'closed', 0]);
      expect(calls[0]?.aborted()).toBe(true);
    }
  });

  it('follows a real feed through a drain to another server, missing nothing', async () => {
    const first = startSupervisor();
    const second = startSupervisor();
    second.broadcast({ type: 'health', topic: 'second', health: 'healthy' });
    const from = await serve(sseFeed(first, { retryMs: 20 }));
    const to = await serve(sseFeed(second));
    const notices: Notice[] = [];
    const watch = watchSse(`${from.url}/feed`, { onNotice: (notice) => notices.push(notice), follows: () => true });
    onTestFinished(() => watch.close());
    await until(() => notices.length === 1);
    first.broadcast({ type: 'health', topic: 'first', health: 'healthy' });
    await until(() => notices.length === 2);
    // Without a notice, the goaway displaces the `stopped` that was not handed over yet (D-021).
    const report = await first.drain({ uri: `${to.url}/feed`, noticeMs: 20 });
    expect(report.sessions).toMatchObject({ total: 1, early: 1 });
    await until(() => notices.length === 6);
    expect(notices.map((notice) => (notice.type === 'health' ? notice.topic : notice.type))).toEqual([
      '',
      'first',
      '',
      'goaway',
      '',
      'second',
    ]);
    await until(() => second.stats().sessions.open === 1);
    watch.close();
    await until(() => second.stats().sessions.taken === 0);
  });

  it('is refused by a real feed that is full, and gets in when there is room', async () => {
    const keeper = startSupervisor({ maxSessions: 1, retryAfterMs: 30 });
    const { url } = await serve(sseFeed(keeper));
    const slot = keeper.reserve();
    const events: SseWatchEvent[] = [];
    const watch = watchSse(url, { onNotice: () => {}, report: (event) => events.push(event) });
    onTestFinished(() => watch.close());
    await until(() => events.some(({ type }) => type === 'waiting'));
    expect(events.some((event) => event.type === 'refused' && event.status === 200)).toBe(true);
    if (slot.reserved) slot.release();
    await until(() => keeper.stats().sessions.open === 1);
  });

  it('needs nothing that a browser does not have', () => {
    const seen = new Set<string>();
    const visit = (file: URL) => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      const source = readFileSync(file, 'utf8');
      for (const [, from = ''] of source.matchAll(/from '([^']+)'/g)) {
        if (from.startsWith('.')) visit(new URL(from, file));
        else expect(from).toMatch(/^(xstate|@watchkeeper\/core(\/adapters|\/options)?|@watchkeeper\/http\/client)$/);
      }
    };
    visit(new URL('../src/client.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(5);
  });

  it.each<[string, unknown]>([
    ['watchSse.onNotice', {}],
    ['watchSse.onNotice', undefined],
    ['watchSse.report', { report: 1 }],
    ['watchSse.headers', { headers: 'a' }],
    ['watchSse.follows', { follows: true }],
    ['watchSse.retryMs', { retryMs: 0 }],
    ['watchSse.maxRetryMs', { maxRetryMs: -1 }],
    ['watchSse.connectTimeoutMs', { connectTimeoutMs: 0 }],
    ['watchSse.idleTimeoutMs', { idleTimeoutMs: 0 }],
    ['watchSse.maxEventLength', { maxEventLength: 0.5 }],
    ['watchSse.fetch', { fetch: 1 }],
    ['watchSse.clock', { clock: Date }],
    ['watchSse.random', { random: 1 }],
    ['watchSse.timeout', { timeout: 1 }],
  ])('refuses a wrong %s by its name', (option, options) => {
    const given = (
      options === undefined || Object.keys(options as object).length === 0
        ? options
        : { onNotice: () => {}, ...(options as object) }
    ) as WatchSseOptions;
    expect(() => watchSse(url, given)).toThrow(
      expect.toSatisfy((error) => error instanceof InvalidOptionError && error.option === option),
    );
  });

  it.each(['/feed', 'ws://feed.example', '', 'feed'])('refuses %o for a URL', (wrong) => {
    expect(() => watchSse(wrong, { onNotice: () => {} })).toThrow('watchSse.url');
  });
});
