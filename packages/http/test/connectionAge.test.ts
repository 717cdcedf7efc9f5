import { settle, VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { drainHttpServer, sseFeed } from '../src/index.ts';
import { serveHttp2 } from './support/http2Client.ts';
import { noticesOf, readFeed } from './support/readFeed.ts';
import { startSupervisor } from './support/supervisor.ts';
import { dial, serve, until } from './support/testServer.ts';

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const age = { maxConnectionAgeMs: 60_000, maxConnectionAgeJitter: 0, maxConnectionAgeGraceMs: 8_000 };

async function serveAged() {
  const clock = new VirtualClock();
  const keeper = startSupervisor({ clock });
  const waiting: (() => void)[] = [];
  const { server, port } = await serve((request, response) => {
    if (request.url === '/slow') waiting.push(() => response.end('slow'));
    else response.end('quick');
  });
  drainHttpServer(server, keeper, { clock, ...age });
  const idle = async () => {
    const client = await dial(port, get);
    let ended = false;
    client.socket.once('end', () => {
      ended = true;
    });
    await until(() => client.received().endsWith('quick'));
    return { ...client, hasEnded: () => ended };
  };
  return { clock, keeper, port, waiting, idle };
}

describe('a connection of HTTP/1.1 of the maximum age', () => {
  it('says so with its next answer, and closes after it, while new ones go on', async () => {
    const { clock, keeper, idle } = await serveAged();
    const old = await idle();
    await clock.advance(60_000);
    const fresh = await idle();
    expect([old.received(), old.hasEnded()]).toEqual([expect.not.stringContaining('Connection: close'), false]);
    old.socket.write(get);
    await until(() => old.hasEnded());
    expect(old.received().match(/Connection: close/g)).toHaveLength(1);
    expect(old.received().match(/quick/g)).toHaveLength(2);
    await until(() => keeper.stats().sessions.taken === 1);
    expect([keeper.phase, fresh.received()]).toEqual(['running', expect.not.stringContaining('Connection: close')]);
  });

  it('closes in order after half of its grace when nothing is asked of it', async () => {
    const { clock, keeper, idle } = await serveAged();
    const old = await idle();
    await clock.advance(63_999);
    expect([old.hasEnded(), old.socket.destroyed]).toEqual([false, false]);
    await clock.advance(1);
    await until(() => old.hasEnded());
    await until(() => keeper.stats().sessions.taken === 0);
  });

  it('does not wait so long in a drain: it is no worse off than the young', async () => {
    const { clock, keeper, idle } = await serveAged();
    const old = await idle();
    await clock.advance(60_000);
    const report = keeper.drain({ noticeMs: 0, graceMs: 1_000, deadlineMs: 9_000 });
    await settle();
    await until(() => old.hasEnded());
    expect((await report).sessions).toEqual({ total: 1, early: 1, forced: 0, stragglers: 0 });
  });

  it('finishes what it was asked, for as long as its grace', async () => {
    const { clock, keeper, port, waiting } = await serveAged();
    const slow = [await dial(port, get.replace('/', '/slow')), await dial(port, get.replace('/', '/slow'))];
    await until(() => waiting.length === 2);
    await clock.advance(67_999);
    waiting[0]?.();
    await until(() => keeper.stats().sessions.taken === 1);
    await clock.advance(1);
    await until(() => slow.every(({ socket }) => socket.destroyed));
    expect(slow.map(({ received }) => received().endsWith('slow'))).toEqual([true, false]);
    expect(keeper.stats().sessions.taken).toBe(0);
  });
});

it('an HTTP/2 session of the maximum age gets GOAWAY, and finishes its streams', async () => {
  const clock = new VirtualClock();
  const keeper = startSupervisor({ clock, ...age });
  const waiting: (() => void)[] = [];
  const { server, dial: dialHttp2 } = await serveHttp2((_request, response) => {
    waiting.push(() => response.end('slow'));
  });
  drainHttpServer(server, keeper, { clock, staggerMs: 0, pingIntervalMs: 0 });
  const client = await dialHttp2();
  const asked = client.ask('/');
  await until(() => waiting.length === 1);
  await clock.advance(60_000);
  await clock.advance(1);
  await until(() => client.goaways.length > 0);
  for (const answer of waiting) answer();
  expect(await asked).toEqual({ status: 200, body: 'slow', code: 0 });
  await client.closed;
  await until(() => keeper.stats().sessions.taken === 0);
  expect([client.goaways.every(([code]) => code === 0), keeper.phase]).toEqual([true, 'running']);
});

it('a feed’s client of the maximum age is told to go, its stream ends, and it is taken in again', async () => {
  const clock = new VirtualClock();
  const keeper = startSupervisor({ clock });
  const { url } = await serve(sseFeed(keeper, { clock, ...age }));
  const { blocks, ended } = await readFeed(url);
  await until(() => keeper.stats().sessions.open === 1);
  await clock.advance(60_000);
  expect(await ended).toBe('ended');
  expect(noticesOf(blocks).at(-1)).toMatchObject({ type: 'goaway', reason: 'max_age', graceMs: 8_000 });
  await until(() => keeper.stats().sessions.taken === 0);
  expect((await readFeed(url)).response.status).toBe(200);
});

it('an age of an adapter’s own has the rules of the supervisor’s', () => {
  const keeper = startSupervisor();
  expect(() => sseFeed(keeper, { maxConnectionAgeMs: -1 })).toThrow('`sseFeed.maxConnectionAgeMs`');
  expect(() => sseFeed(keeper, { maxConnectionAgeGraceMs: 0 })).toThrow('`sseFeed.maxConnectionAgeGraceMs`');
});
