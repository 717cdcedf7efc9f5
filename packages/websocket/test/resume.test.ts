import { connect, createServer } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../src/client/index.ts';
import type { HubOptions } from '../src/index.ts';
import { BatchLog } from '../src/resume/batchLog.ts';
import { afterTest, clientsBecome, join, stand, type TestClient } from './support/testHub.ts';

type Told = { type: string; topic?: string; entries?: unknown[]; cursor?: string };

const cursorOf = ({ frames }: TestClient): string =>
  (frames as Told[]).findLast(({ type }) => type === 'cursor')?.cursor ?? '';
const entriesOf = ({ frames }: TestClient): unknown[] =>
  (frames as Told[]).flatMap(({ type, entries = [] }) => (type === 'entries' ? entries : []));
const typesOf = ({ frames }: TestClient): string[] => (frames as Told[]).map(({ type }) => type);
const isCursor = ({ type }: Told) => type === 'cursor';

/** A hub that sends each entry at once; `back` connects with a cursor, and waits until it is told where it stands. */
async function resumable(options?: HubOptions) {
  const stood = await stand({ maxBatchEntries: 1, ...options });
  const at = (cursor: string, rest = '') => `${stood.url}?resume=${encodeURIComponent(cursor)}${rest}`;
  const back = async (cursor: string, rest = '') => {
    const client = await join(at(cursor, rest));
    await client.until(isCursor);
    return client;
  };
  const leave = async (client: TestClient) => {
    client.socket.terminate();
    await clientsBecome(stood.hub, 0);
    return cursorOf(client);
  };
  return { ...stood, back, leave };
}

describe('a hub’s resume', () => {
  it('sends only the notices and entries since the cursor, in their order and once', async () => {
    const { hub, keeper, back, leave } = await resumable();
    const first = await back('');
    await first.told('', 'healthy');
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded' });
    hub.publish('logs', 1);
    await first.told('db', 'degraded');
    await first.until((frame: Told) => frame.type === 'entries');
    const cursor = await leave(first);
    hub.publish('logs', 2);
    hub.publish('logs', 3);
    keeper.broadcast({ type: 'health', topic: 'db', health: 'unhealthy' });
    const second = await back(cursor);
    hub.publish('logs', 4);
    await second.told('db', 'unhealthy');
    await second.until(({ entries }: Told) => entries?.[0] === 4);
    expect(entriesOf(second)).toEqual([2, 3, 4]);
    expect(second.notices).toMatchObject([{ topic: 'db', health: 'unhealthy' }]);
    expect(hub.stats()).toMatchObject({ expiredResumes: 0 });
  });

  it('tells nothing twice to one who comes back with the same cursor and missed nothing', async () => {
    const { keeper, hub, back, leave } = await resumable();
    const first = await back('');
    await first.told('', 'healthy');
    const cursor = await leave(first);
    const second = await back(cursor);
    // The last of what it is sent: whatever else there was would have come before.
    hub.publish('logs', 'end');
    await second.until((frame: Told) => frame.type === 'entries');
    expect(typesOf(second).filter((type) => type !== 'cursor')).toEqual(['entries']);
    expect(keeper.stats().notifiers.open).toBe(1);
  });

  it('gives the whole present state, and says that entries may be missing, where the cursor is too old or another’s', async () => {
    const { hub, back, leave } = await resumable({ maxRetainedBatches: 2 });
    const events: string[] = [];
    hub.events$.subscribe(({ type }) => events.push(type));
    const first = await back('');
    await first.told('', 'healthy');
    const cursor = await leave(first);
    for (const entry of [1, 2, 3]) hub.publish('logs', entry);
    const late = await back(cursor);
    expect([typesOf(late)[0], entriesOf(late)]).toEqual(['missed', []]);
    const now = await leave(late);
    for (const foreign of [now.replace(/\.\w/, '.x'), '0.', 'nonsense', '999999999999999.a.0', `9${now}`]) {
      const client = await back(foreign);
      await client.until((frame: Told) => frame.type === 'missed');
      if (foreign !== `9${now}`) await client.told('', 'healthy');
      await leave(client);
    }
    const onTime = await back(now);
    expect(typesOf(onTime)).toEqual(['cursor']);
    expect(events.filter((type) => type === 'resume.expired')).toHaveLength(6);
    expect(hub.stats().expiredResumes).toBe(6);
  });

  it('keeps what was published while nobody was there, once somebody asked for cursors and not before', async () => {
    const { hub, url, back, leave } = await resumable();
    const plain = await join(url);
    await plain.told('', 'healthy');
    hub.publish('logs', 'before');
    await plain.until((frame: Told) => frame.type === 'entries');
    await leave(plain);
    expect(typesOf(plain)).toEqual(['health', 'entries']);
    const first = await back('');
    const cursor = await leave(first);
    hub.publish('logs', 'alone');
    expect(entriesOf(await back(cursor))).toEqual(['alone']);
  });

  it('sends nobody what is of another scope or topic', async () => {
    const scopes = ['a', 'a', 'b'];
    const authenticate = () => ({ scope: scopes.shift() ?? 'none' });
    const { hub, back, leave } = await resumable({ authenticate });
    const first = await back('', '&topic=logs');
    const cursor = await leave(first);
    hub.publish('logs', 'of a', { scope: 'a' });
    hub.publish('logs', 'of b', { scope: 'b' });
    hub.publish('other', 'of a', { scope: 'a' });
    const second = await back(cursor, '&topic=logs');
    expect(entriesOf(second)).toEqual(['of a']);
    await leave(second);
    expect(entriesOf(await back(cursor, '&topic=logs'))).toEqual(['of b']);
  });

  it('may be asked for in a message, which brings what came before the connection and nothing twice', async () => {
    const { hub, url, back, leave } = await resumable();
    const first = await back('');
    await first.told('', 'healthy');
    const cursor = await leave(first);
    hub.publish('logs', 1);
    const second = await join(url);
    await second.told('', 'healthy');
    hub.publish('logs', 2);
    await second.until((frame: Told) => frame.type === 'entries');
    second.socket.send(JSON.stringify({ type: 'subscribe', resume: cursor }));
    await second.until(isCursor);
    expect(entriesOf(second)).toEqual([2, 1]);
    second.socket.send(JSON.stringify({ type: 'subscribe', resume: 7 }));
    await firstValueFrom(hub.events$);
    expect(hub.stats().ignoredMessages).toBe(1);
  });
});

describe('a client that is cut off', () => {
  it('comes back with its cursor, misses nothing and hears nothing twice', async () => {
    const { hub, keeper, port } = await resumable();
    const cuts: (() => void)[] = [];
    const proxy = createServer((socket) => {
      const upstream = connect(port, '127.0.0.1');
      const cut = () => {
        socket.destroy();
        upstream.destroy();
      };
      cuts.push(cut);
      for (const each of [socket, upstream]) each.on('error', cut).on('close', cut);
      socket.pipe(upstream).pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    afterTest(() => proxy.close());
    const address = proxy.address() as { port: number };
    const client = createClient(`ws://127.0.0.1:${address.port}/feed`, {
      connect: (url) => new WebSocket(url),
      retryMinMs: 1,
      retryMaxMs: 2,
    });
    afterTest(() => client.close());
    const entries: unknown[] = [];
    const notices: number[] = [];
    const missed: unknown[] = [];
    client.entries$.subscribe((frame) => entries.push(...frame.entries));
    client.missed$.subscribe((frame) => missed.push(frame));
    client.notices$.subscribe((notice) => 'seq' in notice && notices.push(notice.seq));
    await firstValueFrom(client.notices$);
    for (let round = 1; round <= 5; round++) {
      hub.publish('logs', `${round} before`);
      cuts.at(-1)?.();
      await clientsBecome(hub, 0);
      hub.publish('logs', `${round} after`);
      keeper.broadcast({ type: 'health', topic: 'db', health: round % 2 === 0 ? 'healthy' : 'degraded' });
      await clientsBecome(hub, 1);
    }
    const end = firstValueFrom(client.entries$.pipe(filter((frame) => frame.entries.includes('end'))));
    hub.publish('logs', 'end');
    await end;
    const rounds = [1, 2, 3, 4, 5].flatMap((round) => [`${round} before`, `${round} after`]);
    expect(entries).toEqual([...rounds, 'end']);
    expect(new Set(notices).size).toBe(notices.length);
    expect([client.healthOf('db'), missed]).toEqual(['degraded', []]);
  });
});

describe('the log of batches', () => {
  it('answers what came after a number, within its limit, and says when it cannot', () => {
    const log = new BatchLog(3);
    const after = (seq: number) => log.after(seq)?.map((batch) => batch.seq);
    expect([after(0), after(1), after(-1)]).toEqual([[], undefined, undefined]);
    for (let seq = 1; seq <= 20; seq++) {
      expect(log.add({ topic: 'a', scope: undefined }, Buffer.alloc(0)).seq).toBe(seq);
      expect(after(seq)).toEqual([]);
      expect(after(Math.max(0, seq - 3))).toHaveLength(Math.min(seq, 3));
      expect(after(seq - 4)).toBeUndefined();
    }
    expect(after(18)).toEqual([19, 20]);
  });
});
