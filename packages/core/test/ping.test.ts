import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { noteAnswer, startPing } from '../src/adapters/index.ts';

/** Starts pings every second with half a second for an answer; `answers` by itself when it is told to. */
function startPings(answers = false) {
  const clock = new VirtualClock();
  const seen = { pings: 0, lost: 0 };
  const ping = startPing(clock, {
    pingIntervalMs: 1_000,
    pongTimeoutMs: 500,
    ping: () => {
      seen.pings += 1;
      if (answers) queueMicrotask(() => noteAnswer(ping));
    },
    lost: () => {
      seen.lost += 1;
    },
  });
  return { clock, ping, seen };
}

describe('pings to a peer', () => {
  it('go on while it answers', async () => {
    const { clock, ping, seen } = startPings(true);
    await clock.advance(5_000);
    expect(seen).toEqual({ pings: 5, lost: 0 });
    ping.stop();
    expect(clock.pending).toBe(0);
  });

  it('end when it does not answer in time', async () => {
    const { clock, ping, seen } = startPings();
    await clock.advance(1_499);
    expect(seen).toEqual({ pings: 1, lost: 0 });
    await clock.advance(1);
    expect(seen).toEqual({ pings: 1, lost: 1 });
    noteAnswer(ping);
    expect(clock.pending).toBe(0);
  });

  it.each([251, 60_000])('ask again when this program stood still and noticed %i ms late', async (lateMs) => {
    const { clock, ping, seen } = startPings();
    await clock.advance(1_000);
    clock.freeze(500 + lateMs);
    await clock.advance(0);
    expect(seen).toEqual({ pings: 2, lost: 0 });
    await clock.advance(499);
    expect(seen).toEqual({ pings: 2, lost: 0 });
    noteAnswer(ping);
    await clock.advance(999);
    expect(seen).toEqual({ pings: 2, lost: 0 });
  });

  it('end one that does not answer once the program runs again', async () => {
    const { clock, seen } = startPings();
    await clock.advance(1_000);
    clock.freeze(5_000);
    await clock.advance(500);
    expect([seen, clock.pending]).toEqual([{ pings: 2, lost: 1 }, 0]);
  });

  it('read what has come before a timeout noticed a little late ends anybody', async () => {
    const { clock, ping, seen } = startPings();
    await clock.advance(1_000);
    clock.freeze(700);
    await clock.advance(0);
    expect(seen).toEqual({ pings: 1, lost: 0 });
    noteAnswer(ping);
    await clock.advance(999);
    expect(seen).toEqual({ pings: 1, lost: 0 });
    await clock.advance(1);
    clock.freeze(700);
    await clock.advance(1);
    expect(seen).toEqual({ pings: 2, lost: 1 });
  });
});
