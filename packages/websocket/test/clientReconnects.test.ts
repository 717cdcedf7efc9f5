import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../src/client/retryDelay.ts';
import { scripted } from './support/scriptedSocket.ts';

const goaway = (graceMs: number, uri?: string, reconnectAfterMs?: unknown) => ({
  type: 'goaway',
  reason: 'draining',
  graceMs,
  at: 0,
  reconnectAfterMs,
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

describe('a client that lost its connection', () => {
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

  it('that is told when to come back leaves within the grace, and stays away until then', async () => {
    const { clock, client, sockets, socket } = scripted();
    socket().open();
    socket().say(goaway(2_000, '/other', 12_000));
    await clock.advance(1_000);
    expect([sockets.length, sockets[0]?.closedWith, client.state]).toEqual([1, 1000, 'waiting']);
    await clock.advance(10_999);
    expect(client.state).toBe('waiting');
    await clock.advance(1);
    expect([client.state, sockets.at(-1)?.url]).toEqual(['connecting', 'ws://hub.test/other?resume=']);
    socket().end(1006);
    await clock.advance(375);
    expect([client.state, sockets.length]).toEqual(['connecting', 3]);
  });

  it('that is told to come back within its grace moves at that moment, and then knows nothing of it', async () => {
    const { clock, client, sockets, socket } = scripted();
    socket().open();
    socket().say(goaway(2_000, undefined, 1_700));
    await clock.advance(1_699);
    expect(sockets).toHaveLength(1);
    await clock.advance(1);
    expect([sockets.length, client.state]).toEqual([2, 'connecting']);
    socket().end(1006);
    await clock.advance(375);
    expect(sockets).toHaveLength(3);
  });

  it('that is told to come back, and closed before it has left, comes no earlier', async () => {
    const { clock, client, socket } = scripted();
    socket().open();
    socket().say(goaway(2_000, undefined, 1_700));
    socket().end(1012);
    await clock.advance(1_699);
    expect(client.state).toBe('waiting');
    await clock.advance(1);
    expect(client.state).toBe('connecting');
  });

  it('that is told to come back later than its longest wait for restarts draws one from their window', async () => {
    const { clock, client, socket } = scripted();
    socket().open();
    socket().say(goaway(2, undefined, 90_000));
    await clock.advance(17_499);
    expect(client.state).toBe('waiting');
    await clock.advance(1);
    expect(client.state).toBe('connecting');
  });

  it.each([-1, '700', null])('takes %o for no time to come back at', async (reconnectAfterMs) => {
    const { clock, client, socket } = scripted();
    socket().open();
    socket().say(goaway(2_000, undefined, reconnectAfterMs));
    await clock.advance(1_000);
    expect(client.state).toBe('connecting');
  });

  it.each([
    ['follows a goaway to the same host', 'ws://hub.test:81/other', 'ws://hub.test:81/other?resume='],
    ['does not follow one to a foreign host', 'ws://evil.test/feed', 'ws://hub.test/feed?resume='],
    ['does not follow one to what is no address', 'http://', 'ws://hub.test/feed?resume='],
  ])('%s', async (_what, uri, target) => {
    const { clock, sockets, socket } = scripted();
    socket().open();
    socket().say(goaway(1_000, uri));
    await clock.advance(500);
    expect(sockets.at(-1)?.url).toBe(target);
    socket().end(1006);
    await clock.advance(375);
    expect(sockets.at(-1)?.url).toBe('ws://hub.test/feed?resume=');
  });

  it('connects at once when it is told to', async () => {
    const { client, sockets, socket } = scripted();
    socket().end(1006);
    client.retry();
    expect([client.state, sockets.length]).toEqual(['connecting', 2]);
  });
});
