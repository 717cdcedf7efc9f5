import { once } from 'node:events';
import { connect } from 'node:net';
import { VirtualClock } from '@watchkeeper/testing';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HubEvent } from '../src/index.ts';
import {
  afterTest,
  clientsBecome,
  join,
  nextEnd,
  nonReader,
  rawSocket,
  stand,
  upgradeRequest,
} from './support/testHub.ts';

// Nothing that a peer does may surface as an error of this process.
const surfaced: unknown[] = [];
const note = (cause: unknown) => surfaced.push(cause);

beforeEach(() => {
  surfaced.length = 0;
  process.on('uncaughtExceptionMonitor', note);
});

afterEach(() => {
  process.off('uncaughtExceptionMonitor', note);
  expect(surfaced).toEqual([]);
});

describe('a frame', () => {
  it('of a megabyte is read, and one byte more is refused with 1009', async () => {
    const { hub, keeper, url } = await stand();
    const polite = await join(`${url}?topic=none`);
    polite.socket.send(JSON.stringify({ type: 'subscribe', padding: '' }).padEnd(1_048_576));
    await polite.told('', 'healthy');
    const greedy = await join(url);
    const failed = firstValueFrom(hub.events$.pipe(filter(({ type }) => type === 'client.failed')));
    greedy.socket.send(Buffer.alloc(1_048_577));
    expect((await greedy.ended).code).toBe(1009);
    expect(await failed).toMatchObject({ cause: { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' } });
    await clientsBecome(hub, 1);
    expect(keeper.stats().sessions.taken).toBe(1);
  });

  it.each([
    ['not masked', Buffer.from([0x81, 0x02, 0x68, 0x69])],
    ['of a reserved kind', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['that claims 2^62 bytes', Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['of text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff])],
  ])('%s ends its client alone', async (_kind, frame) => {
    const { hub, keeper, port, url } = await stand({ closeTimeoutMs: 50 });
    const bystander = await join(url);
    const socket = await nonReader(port);
    const end = nextEnd(hub);
    socket.write(frame);
    expect(await end).toBe('failed');
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([1, 1]);
    keeper.broadcast({ type: 'health', topic: 'db', health: 'healthy' });
    await bystander.told('db', 'healthy');
  });

  it('too many in a second ends the client with 1008', async () => {
    const { hub, url } = await stand({ maxMessagesPerSecond: 5, clock: new VirtualClock() });
    const client = await join(url);
    for (let n = 0; n < 6; n += 1) client.socket.send('{"type":"subscribe"}');
    expect(await client.ended).toEqual({ code: 1008, reason: 'too many messages' });
    await clientsBecome(hub, 0);
  });

  it('cut off in the middle gives the slot back', async () => {
    const { hub, keeper, port } = await stand();
    const socket = await nonReader(port);
    const end = nextEnd(hub);
    socket.write(Buffer.from([0x81, 0xfe, 0x10]));
    socket.destroy();
    await end;
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0]);
  });
});

describe('a flood', () => {
  it('of upgrades that are torn off at every stage leaves no slot taken', async () => {
    const { hub, keeper, port } = await stand({ maxClients: 10 });
    const request = upgradeRequest();
    const tries = Array.from({ length: 120 }, async (_, n) => {
      const socket = await rawSocket(port, request.slice(0, n % 3 === 0 ? request.length : n));
      if (n % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
      await once(socket, 'close');
    });
    await Promise.all(tries);
    // One more round trip: whatever the server still had to read of those, it has read.
    await rawSocket(port, 'GET / HTTP/1.0\r\n\r\n');
    await clientsBecome(hub, 0);
    expect(keeper.stats().sessions.taken).toBe(0);
  });

  it('of upgrades past the cap is refused one by one, and the admitted go on', async () => {
    const { hub, keeper, port, url } = await stand({ maxClients: 1 });
    const admitted = await join(url);
    const answers = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const socket = await rawSocket(port, upgradeRequest());
        const [answer] = (await once(socket, 'data')) as [Buffer];
        return String(answer).slice(9, 12);
      }),
    );
    expect(new Set(answers)).toEqual(new Set(['503']));
    expect(hub.stats()).toMatchObject({ clients: 1, refused: 60 });
    keeper.broadcast({ type: 'health', topic: 'db', health: 'healthy' });
    await admitted.told('db', 'healthy');
  });

  it('of headers is refused by the server before the hub hears of it', async () => {
    const { hub, keeper, port } = await stand();
    const socket = await rawSocket(port, upgradeRequest('/feed', `X-Bomb: ${'x'.repeat(200_000)}\r\n`));
    socket.resume();
    await once(socket, 'close');
    expect([hub.stats().refused, hub.clients, keeper.stats().sessions.taken]).toEqual([0, 0, 0]);
  });
});

describe('a handshake', () => {
  it('that trickles in takes no slot, whatever it holds of the server', async () => {
    const { hub, keeper, port, url } = await stand({ maxClients: 1 });
    const slow = await rawSocket(port, upgradeRequest().slice(0, 40));
    await join(url);
    expect([hub.clients, keeper.stats().sessions.taken]).toEqual([1, 1]);
    slow.write(upgradeRequest().slice(40));
    const [answer] = (await once(slow, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 503 /);
  });

  it.each([
    ['without a key', upgradeRequest().replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
    ['by POST', upgradeRequest().replace('GET', 'POST'), 405],
    ['for another protocol', upgradeRequest().replace('Upgrade: websocket', 'Upgrade: h2c'), 400],
    ['with a broken protocol list', upgradeRequest('/feed', 'Sec-WebSocket-Protocol: ,,\r\n'), 400],
  ])('%s is answered with an error and takes no slot', async (_kind, request, status) => {
    const { keeper, port } = await stand();
    const socket = await rawSocket(port, request);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer).split(' ')[1]).toBe(String(status));
    expect(keeper.stats().sessions.taken).toBe(0);
  });

  it('that is refused while the client still sends is answered, not reset', async () => {
    const { port } = await stand({ maxClients: 1, allowOrigin: () => false });
    const socket = await rawSocket(port);
    const failures: unknown[] = [];
    socket.on('error', (cause) => failures.push(cause));
    socket.write(upgradeRequest());
    socket.write(Buffer.alloc(3_000_000));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    await once(socket, 'end');
    socket.end();
    await once(socket, 'close');
    expect([answer.slice(0, 12), failures]).toEqual(['HTTP/1.1 403', []]);
  });

  it('that is refused and never hung up is cut off after a while', async () => {
    const clock = new VirtualClock();
    const { port, server } = await stand({ clock, closeTimeoutMs: 1_000, allowOrigin: () => false });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    afterTest(() => socket.destroy());
    socket.write(upgradeRequest());
    await once(socket.resume(), 'end');
    expect(clock.pending).toBe(1);
    const gone = new Promise<void>((resolve) => server.close(() => resolve()));
    await clock.advance(1_000);
    await gone;
    expect(clock.pending).toBe(0);
  });

  it('sent in one piece with its first frames loses none of them', async () => {
    const { hub, port } = await stand();
    const text = Buffer.from('{"type":"hello"}');
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]);
    const ignored = firstValueFrom(hub.events$.pipe(filter(({ type }) => type === 'message.ignored')));
    await rawSocket(port, Buffer.concat([Buffer.from(upgradeRequest()), frame]));
    await ignored;
  });
});

describe('a peer', () => {
  it('that does not answer a ping is ended; one that does is asked again', async () => {
    const clock = new VirtualClock();
    const { hub, port, url } = await stand({ clock, pingIntervalMs: 1_000, pongTimeoutMs: 500, closeTimeoutMs: 100 });
    const alive = await join(url);
    const events: HubEvent[] = [];
    await nonReader(port);
    hub.events$.subscribe((event) => events.push(event));
    for (let round = 0; round < 3; round += 1) {
      const pinged = once(alive.socket, 'ping');
      await clock.advance(1_000);
      await pinged;
      // The answer is on its way; when a ping of ours is answered, it has come.
      const answered = once(alive.socket, 'pong');
      alive.socket.ping();
      await answered;
    }
    await clientsBecome(hub, 1);
    expect(events).toMatchObject([
      { type: 'client.silent', waitedMs: 500 },
      { type: 'client.closed', reason: 'stalled', clients: 1 },
    ]);
  });

  it('that is too slow is ended at its first stall under the policy evict', async () => {
    const { hub, keeper, port } = await stand({
      slowClient: 'evict',
      notifier: { stallAfterMs: 40, evictAfterMs: 3_600_000 },
      maxBufferedBytes: 1,
      closeTimeoutMs: 40,
    });
    await nonReader(port);
    let ended: string | undefined;
    void nextEnd(hub).then((reason) => {
      ended = reason;
    });
    // Topics enough to fill the buffers of the system, again and again.
    while (ended === undefined) {
      for (let n = 0; n < 200; n += 1) {
        keeper.broadcast({ type: 'health', topic: `t${n}`, health: 'degraded', detail: 'x'.repeat(200) });
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(ended).toBe('stalled');
    expect(keeper.stats().lost.stalled).toBe(1);
  });

  it('that is too slow is told only the latest when it reads again under the policy conflate', async () => {
    const { keeper, url } = await stand({ maxBufferedBytes: 1 });
    const slow = await join(`${url}?topic=db`);
    slow.socket.pause();
    const detail = 'x'.repeat(8_000_000);
    keeper.broadcast({ type: 'health', topic: 'db', health: 'degraded', detail });
    // It is handed over in this turn of the loop, and all that follows waits behind it.
    await new Promise((resolve) => setImmediate(resolve));
    for (let n = 0; n < 500; n += 1) {
      keeper.broadcast({ type: 'health', topic: 'db', health: n % 2 === 0 ? 'unhealthy' : 'healthy' });
    }
    slow.socket.resume();
    await slow.told('db', 'healthy');
    expect(slow.notices.map((notice) => notice.type === 'health' && notice.health)).toEqual(['degraded', 'healthy']);
    expect(keeper.stats().lost.coalesced).toBe(499);
  });
});
