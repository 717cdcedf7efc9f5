import { Metadata } from '@grpc/grpc-js';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type MigrationHint, type WatchHealthOptions, watchHealth } from '../src/client.ts';
import { hintMetadata, hintOf } from '../src/protocol/migrationHint.ts';
import { FakeChannel } from './support/fakeChannel.ts';
import { fakeServed } from './support/fakeWatchCall.ts';
import { serve, until } from './support/testServer.ts';

const mapOf = (metadata: Metadata | undefined) => metadata?.getMap();

describe('a migration hint', () => {
  it.each<[MigrationHint, MigrationHint | undefined]>([
    [
      { uri: 'grpcs://orders.example:443/', graceMs: 5_000, reconnectAfterMs: 0 },
      { uri: 'grpcs://orders.example:443/', graceMs: 5_000, reconnectAfterMs: 0 },
    ],
    [{ graceMs: 12.5 }, { graceMs: 13 }],
    [{ uri: 'wss://über.example/a b' }, { uri: 'wss://%C3%BCber.example/a%20b' }],
    [{ uri: `https://x/${'\u{1f434}\n'}` }, { uri: 'https://x/%F0%9F%90%B4%0A' }],
    [{ uri: `https://x/${'a'.repeat(5_000)}` }, undefined],
    [{}, undefined],
  ])('goes through metadata: %o', (hint, heard) => {
    expect(hintOf(hintMetadata(hint))).toEqual(heard);
  });

  it('takes nothing for a time that no timer holds', () => {
    for (const text of ['-1', '1e3', 'soon', '99999999999', '']) {
      const metadata = new Metadata();
      metadata.set('watchkeeper-grace-ms', text);
      expect(hintOf(metadata)).toBeUndefined();
    }
  });
});

describe('the end of a Watch', () => {
  it('bears the goaway of a drain in its trailing metadata', async () => {
    const { clock, keeper, watch } = fakeServed();
    const call = watch('api');
    const drained = keeper.drain({ uri: 'grpc://other:1', graceMs: 7_000, reconnectSpreadMs: 10_000 });
    await clock.advance(10);
    await drained;
    const { 'watchkeeper-reconnect-after-ms': reconnect, ...rest } = mapOf(call.trailers) ?? {};
    expect(rest).toEqual({ 'watchkeeper-uri': 'grpc://other:1', 'watchkeeper-grace-ms': '7000' });
    expect(Number(reconnect)).toBeGreaterThanOrEqual(0);
    expect(call.ends).toEqual(['ok']);
  });

  it('says when to come back, where it is a refusal', () => {
    const { watch } = fakeServed({}, { maxSessions: 1 });
    watch('api');
    expect(mapOf(watch('api').trailers)).toEqual({ 'watchkeeper-reconnect-after-ms': expect.stringMatching(/^\d+$/) });
  });

  it('reaches a real client', async () => {
    const served = await serve();
    using watch = watchHealth({ target: `127.0.0.1:${served.port}`, clock: new VirtualClock() });
    await until(() => watch.view.status === 'SERVING');
    await served.keeper.drain({ uri: 'grpc://elsewhere:1', graceMs: 4_000, reconnectSpreadMs: 60_000 });
    await until(() => watch.view.mode === 'connecting');
    expect(watch.view).toEqual({
      mode: 'connecting',
      status: 'NOT_SERVING',
      hint: { uri: 'grpc://elsewhere:1', graceMs: 4_000, reconnectAfterMs: expect.any(Number) },
    });
    await served[Symbol.asyncDispose]();
  });
});

describe('watchHealth, told to go', () => {
  function follower(options: Partial<WatchHealthOptions> = {}) {
    const clock = new VirtualClock();
    const channels: { target: string; channel: FakeChannel }[] = [];
    const connect: WatchHealthOptions['connect'] = ({ target }) => {
      const channel = new FakeChannel();
      channels.push({ target, channel });
      return channel;
    };
    const watch = watchHealth({ target: 'orders:1', clock, connect, random: () => 0.5, ...options });
    const targets = () => channels.map(({ target }) => target);
    const latest = () => channels.at(-1)?.channel.watches.at(-1);
    const watches = () => channels.reduce((sum, { channel }) => sum + channel.watches.length, 0);
    const goaway = (hint: MigrationHint) => {
      latest()?.heard('NOT_SERVING');
      latest()?.ended({ code: 0, details: '', hint });
    };
    return { clock, watch, channels, targets, latest, watches, goaway };
  }

  it('comes back exactly when it is told to, and keeps the last word until then', async () => {
    const { clock, watch, watches, goaway, latest } = follower();
    goaway({ reconnectAfterMs: 30_000, graceMs: 5 });
    await clock.advance(29_999);
    expect([watches(), watch.view.mode, watch.view.status]).toEqual([1, 'connecting', 'NOT_SERVING']);
    await clock.advance(1);
    expect(watches()).toBe(2);
    latest()?.heard('SERVING');
    expect(watch.view).toEqual({ mode: 'watching', status: 'SERVING' });
  });

  it('waits as long as a refusal asks, and no longer than a back-off may', async () => {
    for (const [asked, waited] of [
      [90_000, 90_000],
      [600_000, 120_000],
      [10, 1_000],
    ] as const) {
      const { clock, watches, latest } = follower();
      latest()?.ended({ code: 8, details: 'no room', hint: { reconnectAfterMs: asked } });
      await clock.advance(waited - 20);
      expect(watches()).toBe(1);
      await clock.advance(30);
      expect(watches()).toBe(2);
    }
  });

  it.each([
    ['grpc://orders:2', {}, 'orders:2'],
    ['grpc://ORDERS:2/', {}, 'ORDERS:2'],
    ['grpcs://orders:2', {}, undefined],
    ['grpcs://orders:2', { tls: {} }, 'orders:2'],
    ['grpc://evil:1', {}, undefined],
    ['https://orders:2', {}, undefined],
    ['orders', {}, undefined],
    ['grpc://evil:1', { redirect: () => 'evil:1' }, 'evil:1'],
  ] as const)('goes to %s with %o: %s', (uri, options, expected) => {
    const { targets, channels, goaway } = follower(options);
    goaway({ uri });
    expect(targets()).toEqual(['orders:1', ...(expected === undefined ? [] : [expected])]);
    expect(channels[0]?.channel.isClosed).toBe(expected !== undefined);
  });

  it.each(['refused', 'silent'])('goes home when it is %s where it was sent', async (how) => {
    const { clock, targets, goaway, latest, watch } = follower();
    goaway({ uri: 'grpc://orders:2' });
    if (how === 'refused') latest()?.ended({ code: 14, details: 'refused' });
    await clock.advance(how === 'refused' ? 1_010 : 11_010);
    expect(targets()).toEqual(['orders:1', 'orders:2', 'orders:1']);
    latest()?.heard('SERVING');
    expect(watch.view).toEqual({ mode: 'watching', status: 'SERVING' });
  });
});
