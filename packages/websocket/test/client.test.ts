import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createSupervisor, type HealthNotice, type Notice } from '@watchkeeper/core';
import { settle, VirtualClock } from '@watchkeeper/testing';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Client,
  type ClientOptions,
  type ClientSocket,
  createClient,
  type SocketEvent,
} from '../src/client/index.ts';
import { retryDelayMs } from '../src/client/retry.ts';
import { createHub } from '../src/index.ts';
import { afterTest, clientsBecome, listen, stand } from './loopback.ts';

/** A socket whose far end is the test. */
class ScriptedSocket implements ClientSocket {
  readyState = 0;
  readonly url: string;
  readonly sent: string[] = [];
  closedWith: number | undefined;
  readonly #listeners = new Map<string, ((event: SocketEvent) => void)[]>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: SocketEvent) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  open(): void {
    this.readyState = 1;
    this.#tell('open', {});
  }

  say(frame: unknown): void {
    this.#tell('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.#tell('close', { code, reason });
  }

  #tell(type: string, event: SocketEvent): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}

/** A client on virtual time whose sockets are scripted; chance always says one half. */
function scripted(options?: ClientOptions) {
  const clock = new VirtualClock();
  const sockets: ScriptedSocket[] = [];
  class Socket extends ScriptedSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const client = createClient('ws://hub.test/feed', {
    clock,
    random: () => 0.5,
    connect: (url) => new Socket(url),
    ...options,
  });
  afterTest(() => client.close());
  const socket = (): ScriptedSocket => {
    const last = sockets.at(-1);
    if (last === undefined) throw new Error('no socket was made');
    return last;
  };
  return { clock, client, sockets, socket };
}

const health = (topic: string, seq: number, value: HealthNotice['health'] = 'healthy'): HealthNotice => ({
  type: 'health',
  topic,
  health: value,
  seq,
  at: 1_000 + seq,
});

const goaway = (graceMs: number, uri?: string): Notice => ({
  type: 'goaway',
  reason: 'draining',
  graceMs,
  at: 0,
  ...(uri === undefined ? {} : { uri }),
});

describe('the wait before a client connects again', () => {
  const limits = { retryMinMs: 500, retryMaxMs: 30_000, restartMinMs: 5_000, restartMaxMs: 30_000 };

  it('doubles with each failure up to its ceiling, half of it by chance', () => {
    const waits = (draw: number) => [1, 2, 3, 7, 40].map((failures) => retryDelayMs(1006, failures, limits, draw));
    expect(waits(0)).toEqual([250, 500, 1_000, 15_000, 15_000]);
    expect(waits(1)).toEqual([500, 1_000, 2_000, 30_000, 30_000]);
  });

  it('is drawn from the window for restarts after 1012 and 1013', () => {
    expect([0, 0.5, 1].map((draw) => retryDelayMs(1012, 1, limits, draw))).toEqual([5_000, 17_500, 30_000]);
    expect(retryDelayMs(1013, 9, limits, 0)).toBe(5_000);
  });
});

describe('a client', () => {
  it('connects at once and gives each attempt a limited time', async () => {
    const { clock, client, sockets } = scripted({ connectTimeoutMs: 1_000 });
    expect([client.state, sockets.length]).toEqual(['connecting', 1]);
    await clock.advance(1_000);
    expect([client.state, sockets[0]?.closedWith]).toEqual(['waiting', 1000]);
    await clock.advance(375);
    expect([client.state, sockets.length]).toEqual(['connecting', 2]);
  });

  it('waits longer after each failure, and no longer after a connection that lasted', async () => {
    const { clock, client, sockets, socket } = scripted();
    for (const waitMs of [375, 750, 1_500]) {
      socket().end(1006);
      await clock.advance(waitMs - 1);
      expect(client.state).toBe('waiting');
      await clock.advance(1);
      expect(client.state).toBe('connecting');
    }
    socket().open();
    await clock.advance(10_000);
    socket().end(1006);
    await clock.advance(375);
    expect(sockets).toHaveLength(5);
  });

  it('goes on counting failures while connections open and break at once', async () => {
    const { clock, client, socket } = scripted();
    for (const waitMs of [375, 750]) {
      socket().open();
      socket().end(1011);
      await clock.advance(waitMs);
      expect(client.state).toBe('connecting');
    }
  });

  it.each([1012, 1013])('stays away for the window of restarts after %d', async (code) => {
    const { clock, client, socket } = scripted();
    socket().open();
    socket().end(code);
    await clock.advance(17_499);
    expect(client.state).toBe('waiting');
    await clock.advance(1);
    expect(client.state).toBe('connecting');
  });

  it.each([1000, 1008])('stays away for good after %d', async (code) => {
    const { clock, client, sockets, socket } = scripted();
    socket().open();
    socket().end(code, 'no');
    expect(await client.stopped).toEqual({ by: 'server', code, reason: 'no' });
    await clock.advance(100_000);
    expect([client.state, sockets.length, clock.pending]).toEqual(['stopped', 1, 0]);
  });

  it('that is told to go moves within the grace, at a moment drawn at random', async () => {
    const { clock, client, sockets, socket } = scripted();
    socket().open();
    socket().say(goaway(2_000));
    expect(client.state).toBe('leaving');
    await clock.advance(999);
    expect(sockets).toHaveLength(1);
    await clock.advance(1);
    expect([sockets.length, sockets[0]?.closedWith, client.state]).toEqual([2, 1000, 'connecting']);
  });

  it.each([
    ['follows a goaway to the same host', 'ws://hub.test:81/other', 'ws://hub.test:81/other'],
    ['does not follow one to a foreign host', 'ws://evil.test/feed', 'ws://hub.test/feed'],
    ['does not follow one to what is no address', 'http://', 'ws://hub.test/feed'],
  ])('%s', async (_what, uri, target) => {
    const { clock, sockets, socket } = scripted();
    socket().open();
    socket().say(goaway(1_000, uri));
    await clock.advance(500);
    expect(sockets.at(-1)?.url).toBe(target);
    socket().end(1006);
    await clock.advance(375);
    expect(sockets.at(-1)?.url).toBe('ws://hub.test/feed');
  });

  it('tells the latest of each topic to whoever begins to listen, and nothing twice after a reconnect', async () => {
    const { clock, client, socket } = scripted();
    const early: Notice[] = [];
    client.notices$.subscribe((notice) => early.push(notice));
    socket().open();
    socket().say(health('', 1));
    socket().say(health('db', 2));
    socket().say(health('db', 3, 'degraded'));
    socket().end(1006);
    await clock.advance(375);
    socket().open();
    socket().say(health('', 1));
    socket().say(health('db', 4));
    expect(early).toEqual([health('', 1), health('db', 2), health('db', 3, 'degraded'), health('db', 4)]);
    const late = await firstValueFrom(client.notices$.pipe(take(2), toArray()));
    expect(late).toEqual([health('', 1), health('db', 4)]);
    expect([client.healthOf(), client.healthOf('db'), client.healthOf('web')]).toEqual([
      'healthy',
      'healthy',
      undefined,
    ]);
  });

  it('asks for its topics in the address, by message while it is open, and again after a reconnect', async () => {
    const { clock, client, sockets, socket } = scripted({ topics: ['', 'a b'] });
    expect(socket().url).toBe('ws://hub.test/feed?topic=&topic=a+b');
    client.subscribe(['db']);
    expect([sockets.length, socket().url]).toEqual([2, 'ws://hub.test/feed?topic=db']);
    socket().open();
    client.subscribe(['web']);
    client.subscribe();
    expect(socket().sent).toEqual(['{"type":"subscribe","topics":["web"]}', '{"type":"subscribe"}']);
    client.subscribe(['logs']);
    socket().end(1006);
    await clock.advance(375);
    expect(socket().url).toBe('ws://hub.test/feed?topic=logs');
  });

  it('takes frames it does not know for nothing', () => {
    const { client, socket } = scripted();
    const notices: Notice[] = [];
    client.notices$.subscribe((notice) => notices.push(notice));
    socket().open();
    for (const frame of ['', '{', 'null', '[]', { type: 'news' }, { type: 'health' }]) socket().say(frame);
    expect([notices, client.state]).toEqual([[], 'open']);
  });

  it('connects at once when it is told to', async () => {
    const { client, sockets, socket } = scripted();
    socket().end(1006);
    client.retry();
    expect([client.state, sockets.length]).toEqual(['connecting', 2]);
  });

  it('that is closed completes all it tells, leaves no timer and hears nothing more', async () => {
    const { clock, client, socket } = scripted();
    const states = firstValueFrom(client.state$.pipe(toArray()));
    const notices = firstValueFrom(client.notices$.pipe(toArray()));
    socket().open();
    client.close();
    client.close();
    socket().say(health('', 1));
    socket().end(1006);
    expect(await states).toEqual(['connecting', 'open', 'stopped']);
    expect(await notices).toEqual([]);
    expect(await client.stopped).toEqual({ by: 'owner', code: 1000, reason: 'closed by its owner' });
    expect([clock.pending, socket().closedWith]).toEqual([0, 1000]);
  });

  it('takes a constructor that throws for a failed attempt', async () => {
    let tries = 0;
    class Broken extends ScriptedSocket {
      constructor(url: string) {
        super(url);
        tries += 1;
        throw new Error('blocked');
      }
    }
    const clock = new VirtualClock();
    const client = createClient('ws://hub.test/', { clock, random: () => 0.5, connect: (url) => new Broken(url) });
    expect(client.state).toBe('waiting');
    await clock.advance(375);
    expect(tries).toBe(2);
    client.close();
  });

  it('names the option that breaks its rule', () => {
    expect(() => createClient('http://hub.test/')).toThrow('`client.url` to be a ws: or wss: URL');
    const host = globalThis as { WebSocket?: unknown };
    const { WebSocket: own } = host;
    delete host.WebSocket;
    expect(() => createClient('ws://hub.test/')).toThrow('`client.connect` to be given');
    if (own !== undefined) host.WebSocket = own;
    expect(() => scripted({ restartMinMs: 10, restartMaxMs: 5 })).toThrow('`client.restartMaxMs`');
    expect(() => scripted({ topics: [''] }).client.subscribe([1] as unknown as string[])).toThrow(
      'client.subscribe.topics',
    );
  });
});

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

it('the client imports nothing that a browser lacks', async () => {
  const folder = new URL('../src/client/', import.meta.url);
  const sources = await Promise.all((await readdir(folder)).map((file) => readFile(new URL(file, folder), 'utf8')));
  const imported = new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/^(?:import|export) (?:type )?(?:\w+|\{[^}]*\}) from '([^'.][^']*)'/gm)].map(
        ([, name]) => name,
      ),
    ),
  );
  expect([...imported].sort()).toEqual(['@watchkeeper/core', 'rxjs', 'xstate']);
  expect(sources.join('')).not.toMatch(/\bBuffer\b|\bprocess\b|from '\.\.\//);
});
