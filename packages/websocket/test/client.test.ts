import { readdir, readFile } from 'node:fs/promises';
import type { HealthNotice, Notice } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createClient } from '../src/client/index.ts';
import { ScriptedSocket, scripted } from './support/scriptedSocket.ts';

const health = (topic: string, seq: number, value: HealthNotice['health'] = 'healthy'): HealthNotice => ({
  type: 'health',
  topic,
  health: value,
  seq,
  at: 1_000 + seq,
});

describe('a client on scripted sockets', () => {
  it('connects at once and gives each attempt a limited time', async () => {
    const { clock, client, sockets } = scripted({ connectTimeoutMs: 1_000 });
    expect([client.state, sockets.length]).toEqual(['connecting', 1]);
    await clock.advance(1_000);
    expect([client.state, sockets[0]?.closedWith]).toEqual(['waiting', 1000]);
    await clock.advance(375);
    expect([client.state, sockets.length]).toEqual(['connecting', 2]);
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

  it('asks for its topics in the address, by message while it is open, and again after a reconnect, with its cursor', async () => {
    const { clock, client, sockets, socket } = scripted({ topics: ['', 'a b'] });
    expect(socket().url).toBe('ws://hub.test/feed?resume=&topic=&topic=a+b');
    client.subscribe(['db']);
    expect([sockets.length, socket().url]).toEqual([2, 'ws://hub.test/feed?resume=&topic=db']);
    socket().open();
    client.subscribe(['web']);
    client.subscribe();
    expect(socket().sent).toEqual(['{"type":"subscribe","topics":["web"]}', '{"type":"subscribe"}']);
    client.subscribe(['logs']);
    socket().say({ type: 'cursor', cursor: 'h.1' });
    socket().say({ type: 'cursor', cursor: 7 });
    socket().end(1006);
    await clock.advance(375);
    expect(socket().url).toBe('ws://hub.test/feed?resume=h.1&topic=logs');
  });

  it('takes frames it does not know for nothing', () => {
    const { client, socket } = scripted();
    const notices: Notice[] = [];
    client.notices$.subscribe((notice) => notices.push(notice));
    socket().open();
    for (const frame of ['', '{', 'null', '[]', { type: 'news' }, { type: 'health' }]) socket().say(frame);
    expect([notices, client.state]).toEqual([[], 'open']);
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
  expect([...imported].sort()).toEqual([
    '@watchkeeper/core',
    '@watchkeeper/core/adapters',
    '@watchkeeper/core/options',
    'rxjs',
    'xstate',
  ]);
  expect(sources.join('')).not.toMatch(/\bBuffer\b|\bprocess\b|from '\.\.\//);
});
