import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import {
  drainHttpServer,
  ResponseEndedError,
  type SupervisedResponse,
  type SuperviseResponseOptions,
  superviseResponse,
} from '../src/index.ts';
import { serveHttp2 } from './support/http2Client.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const endlessly = { noticeMs: 0, graceMs: 4_000, deadlineMs: 9_000 };

/** An application whose responses stay open until the test ends them. */
function streaming(options: SuperviseResponseOptions = {}, supervisor: Parameters<typeof startSupervisor>[0] = {}) {
  const clock = new VirtualClock();
  const keeper = startSupervisor({ clock, ...supervisor });
  const streams: (SupervisedResponse & { readonly response: ServerResponse | Http2ServerResponse })[] = [];
  const notices: number[] = [];
  const app = (_request: unknown, response: ServerResponse | Http2ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    const onGoaway = ({ graceMs }: { readonly graceMs: number }) => void notices.push(graceMs);
    streams.push({ ...superviseResponse(keeper, response, { clock, onGoaway, ...options }), response });
    if (response.writable) Reflect.apply(response.write, response, ['begun ']);
  };
  return { clock, keeper, streams, notices, app };
}

describe('a supervised response over HTTP/1.1 on a drained server', () => {
  it('is the session of its connection, is told to go, and is waited for until it has ended', async () => {
    const { clock, keeper, streams, notices, app } = streaming();
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper, { clock });
    const client = await dial(port, get);
    await until(() => streams.length === 1);
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
    const report = keeper.drain(endlessly);
    await clock.advance(3_000);
    expect([notices, streams[0]?.session?.state, streams[0]?.signal.aborted]).toEqual([[4_000], 'draining', false]);
    streams[0]?.response.end('whole');
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 0 });
    await until(() => client.socket.destroyed);
    expect(client.received()).toContain('whole');
    expect([await streams[0]?.session?.closed, streams[0]?.signal.aborted]).toEqual(['goaway', false]);
  });

  it('is cut when the grace is over, and whoever feeds it hears of that by its signal', async () => {
    const { clock, keeper, streams, app } = streaming();
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper, { clock });
    await dial(port, get);
    await until(() => streams.length === 1);
    const report = keeper.drain(endlessly);
    await clock.advance(4_000);
    expect(await report).toMatchObject({
      sessions: { total: 1, early: 0, forced: 1, stragglers: 0 },
      clients: [{ fate: 'forced', doing: { what: 'GET /', since: expect.any(Number) } }],
    });
    expect(streams[0]?.signal.reason).toBeInstanceOf(ResponseEndedError);
  });

  it('has a grace of its own, after which its signal aborts and it may end in order', async () => {
    const { clock, keeper, streams, notices, app } = streaming({ graceMs: 1_000 });
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper, { clock });
    const client = await dial(port, get);
    await until(() => streams.length === 1);
    streams[0]?.signal.addEventListener('abort', () => streams[0]?.response.end('in order'));
    const report = keeper.drain(endlessly);
    await clock.advance(999);
    expect([notices, streams[0]?.signal.aborted]).toEqual([[1_000], false]);
    await clock.advance(1);
    expect(streams[0]?.signal.reason).toMatchObject({ code: 'RESPONSE_ENDED', reason: 'grace' });
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 0 });
    await until(() => client.socket.destroyed);
    expect(client.received()).toContain('in order');
  });

  it('tells by its signal that the client has gone, and gives the slot back', async () => {
    const { clock, keeper, streams, app } = streaming();
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper, { clock });
    const client = await dial(port, get);
    await until(() => streams.length === 1);
    client.socket.destroy();
    await until(() => streams[0]?.signal.aborted === true);
    expect(streams[0]?.signal.reason).toMatchObject({ reason: 'gone' });
    expect(await streams[0]?.session?.closed).toBe('peer');
    expect(keeper.stats().sessions.taken).toBe(0);
  });

  it('takes a slot while the drain gives notice, as its connection does', async () => {
    const { clock, keeper, streams, app } = streaming();
    const { server, port } = await serve(app);
    drainHttpServer(server, keeper, { clock });
    const report = keeper.drain({ ...endlessly, noticeMs: 1_000 });
    await settle();
    await dial(port, get);
    await until(() => streams.length === 1);
    await clock.advance(1_000);
    streams[0]?.response.end();
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 1 });
  });
});

describe('a supervised response over HTTP/2 on a drained server', () => {
  it('has a session below that of its connection, which has the one slot', async () => {
    const { clock, keeper, streams, notices, app } = streaming({}, { maxSessions: 1 });
    const { server, dial: dialHttp2 } = await serveHttp2(app);
    drainHttpServer(server, keeper, { clock, staggerMs: 0, pingIntervalMs: 0 });
    const client = await dialHttp2();
    const asked = [client.ask('/a'), client.ask('/b')];
    await until(() => streams.length === 2);
    expect(keeper.stats().sessions).toEqual({ open: 3, taken: 1 });
    streams[0]?.response.end('whole');
    expect(await asked[0]).toMatchObject({ status: 200, body: 'begun whole', code: 0 });
    await until(() => keeper.stats().sessions.open === 2);
    const report = keeper.drain(endlessly);
    await clock.advance(1);
    expect([notices, streams[1]?.session?.state]).toEqual([[4_000], 'draining']);
    streams[1]?.response.end('whole');
    expect(await asked[1]).toMatchObject({ body: 'begun whole', code: 0 });
    await clock.advance(1);
    expect((await report).sessions).toEqual({ total: 2, early: 2, forced: 0, stragglers: 0 });
    expect(keeper.stats().sessions.taken).toBe(0);
  });

  it('is told of the age of its connection; one that throws at it ends alone', async () => {
    let told = 0;
    const onGoaway = () => {
      told += 1;
      if (told === 1) throw new Error('no last word');
    };
    const age = { maxConnectionAgeMs: 60_000, maxConnectionAgeJitter: 0 };
    const { clock, keeper, streams, app } = streaming({ onGoaway }, age);
    const { server, dial: dialHttp2 } = await serveHttp2(app);
    drainHttpServer(server, keeper, { clock, staggerMs: 0, pingIntervalMs: 0 });
    const client = await dialHttp2();
    const asked = [client.ask('/a'), client.ask('/b')];
    await until(() => streams.length === 2);
    await clock.advance(60_000);
    await clock.advance(1);
    expect([told, streams.map(({ signal }) => signal.aborted)]).toEqual([2, [true, false]]);
    streams[1]?.response.end('whole');
    expect((await asked[1])?.body).toBe('begun whole');
    await client.closed;
    await until(() => keeper.stats().sessions.open === 0);
  });
});

describe('a supervised response on another server', () => {
  it('has a session and a slot of its own, and leaves its connection alone', async () => {
    const { keeper, streams, app } = streaming({ peer: 'somebody' });
    const { port } = await serve(app);
    const client = await dial(port, get);
    await until(() => streams.length === 1);
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
    streams[0]?.response.end('whole');
    await until(() => client.received().includes('whole') && keeper.stats().sessions.taken === 0);
    expect(client.socket.destroyed).toBe(false);
  });

  it('is answered with 503 where there is no slot, and its signal says so', async () => {
    const keeper = startSupervisor({ maxSessions: 1, retryAfterMs: 7_000 });
    const refused: SupervisedResponse[] = [];
    const { port } = await serve((_request, response) => void refused.push(superviseResponse(keeper, response)));
    keeper.reserve();
    const client = await dial(port, get);
    await until(() => client.received().includes('Full, try again later'));
    expect(client.received()).toMatch(/^HTTP\/1.1 503 [\s\S]*retry-after: 7\r\n/i);
    expect([refused[0]?.session, refused[0]?.signal.reason]).toEqual([
      undefined,
      expect.objectContaining({ reason: 'refused' }),
    ]);
  });
});

describe('a supervised response of fetch', () => {
  const endless = (cancelled: (cause: unknown) => void = () => {}) =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode('token ')),
        cancel: cancelled,
      }),
      { status: 201, headers: { 'X-Kind': 'stream' } },
    );

  it('is passed on as it was, and its session ends with its body', async () => {
    const keeper = startSupervisor();
    const { response, session, signal } = superviseResponse(keeper, new Response('all of it', { status: 201 }));
    expect(keeper.stats().sessions).toEqual({ open: 1, taken: 1 });
    expect([response.status, await response.text()]).toEqual([201, 'all of it']);
    expect([await session?.closed, signal.aborted]).toEqual(['peer', false]);
  });

  it('ends when its reader leaves, and its writer hears of it', async () => {
    const keeper = startSupervisor();
    const cancelled: unknown[] = [];
    const { response, session, signal } = superviseResponse(
      keeper,
      endless((cause) => cancelled.push(cause)),
    );
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel('enough');
    expect([await session?.closed, cancelled, response.headers.get('X-Kind')]).toEqual(['peer', ['enough'], 'stream']);
    expect(signal.reason).toMatchObject({ reason: 'gone' });
  });

  it('is cut by a drain whose grace is over', async () => {
    const clock = new VirtualClock();
    const keeper = startSupervisor({ clock });
    const cancelled: unknown[] = [];
    const { response, signal } = superviseResponse(
      keeper,
      endless((cause) => cancelled.push(cause)),
      { clock },
    );
    const reader = response.body?.getReader();
    await reader?.read();
    const report = keeper.drain(endlessly);
    await clock.advance(4_000);
    expect((await report).sessions).toEqual({ total: 1, early: 0, forced: 1, stragglers: 0 });
    expect([signal.aborted, cancelled.length]).toEqual([true, 1]);
    await expect(reader?.read()).rejects.toThrow(ResponseEndedError);
  });

  it('is one of 503 where there is no slot, and what was to be sent is cancelled', async () => {
    const keeper = startSupervisor({ maxSessions: 1 });
    keeper.reserve();
    const cancelled: unknown[] = [];
    const { response, session } = superviseResponse(
      keeper,
      endless((cause) => cancelled.push(cause)),
    );
    expect([response.status, response.headers.get('retry-after'), session]).toEqual([503, '1', undefined]);
    expect(await response.text()).toBe('Full, try again later\n');
    expect(cancelled.length).toBe(1);
  });

  it('must not be in use, and its options must be right', () => {
    const keeper = startSupervisor();
    const used = new Response('x');
    used.body?.getReader();
    expect(() => superviseResponse(keeper, used)).toThrow('`superviseResponse.response`');
    expect(() => superviseResponse(keeper, new Response('x'), { graceMs: -1 })).toThrow('`superviseResponse.graceMs`');
    expect(keeper.stats().sessions.taken).toBe(0);
  });
});
