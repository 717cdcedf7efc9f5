import { Server, status } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { HealthImplementation } from 'grpc-health-check';
import { describe, expect, it } from 'vitest';
import { watchBackoffMs } from '../src/client/watchBackoff.ts';
import { type CallStatus, type HealthView, watchHealth } from '../src/client.ts';
import { FakeChannel } from './support/fakeChannel.ts';
import { listen, serve, target, until } from './support/testServer.ts';

const never = new AbortController().signal;

const ended = (code: number): CallStatus => ({ code, details: `code ${code}` });

function fakeWatch() {
  const clock = new VirtualClock();
  const channel = new FakeChannel();
  const watch = watchHealth({ target: 'fake', clock, connect: () => channel, random: () => 0.5, pollMs: 5_000 });
  const seen: string[] = [];
  watch.view$.subscribe({
    next: ({ mode, status }: HealthView) => seen.push(`${mode} ${status}`),
    complete: () => seen.push('complete'),
  });
  const latest = () => channel.watches.at(-1);
  return { clock, channel, watch, seen, latest };
}

describe('watchHealth', () => {
  it('says what it hears, and completes when it is closed', async () => {
    const { watch, seen, latest, channel, clock } = fakeWatch();
    latest()?.heard('SERVING');
    latest()?.heard('NOT_SERVING');
    watch.close();
    watch.close();
    expect(seen).toEqual([
      'connecting UNKNOWN',
      'watching SERVING',
      'watching NOT_SERVING',
      'closed UNKNOWN',
      'complete',
    ]);
    expect(channel).toMatchObject({ isClosed: true, cancelled: 1 });
    expect(clock.pending).toBe(0);
  });

  it('backs off after attempts that heard nothing, later each time, and the first word resets that (A17)', async () => {
    const { latest, channel, clock, watch } = fakeWatch();
    for (const [code, waitMs] of [
      [0, 1_000],
      [14, 1_600],
      [8, 2_560],
    ] as const) {
      const before = channel.watches.length;
      latest()?.ended(ended(code));
      await clock.advance(waitMs - 20);
      expect(channel.watches).toHaveLength(before);
      await clock.advance(30);
      expect(channel.watches).toHaveLength(before + 1);
    }
    latest()?.heard('SERVING');
    latest()?.ended(ended(14));
    latest()?.ended(ended(14));
    expect(watch.view).toEqual({ mode: 'retrying', status: 'UNKNOWN', detail: 'code 14' });
    await clock.advance(1_010);
    expect(channel.watches).toHaveLength(6);
  });

  it.each([0, 1, 8, 13, 14])(
    'keeps the last word and connects anew at once when an answered Watch ends with code %i',
    async (code) => {
      const { latest, channel, clock, seen, watch } = fakeWatch();
      for (let turn = 1; turn <= 4; turn++) {
        latest()?.heard('SERVING');
        await clock.advance(2_000);
        latest()?.ended(ended(code));
        expect(channel.watches).toHaveLength(turn + 1);
        expect(watch.view).toEqual({ mode: 'connecting', status: 'SERVING' });
        expect(await watch.probe(never)).toEqual({ status: 'pass' });
      }
      latest()?.heard('NOT_SERVING');
      expect(seen.slice(1, -1)).toEqual(Array(4).fill(['watching SERVING', 'connecting SERVING']).flat());
      expect(seen.at(-1)).toBe('watching NOT_SERVING');
    },
  );

  it('calls a server down when the reconnection after an answered Watch hears nothing', async () => {
    const { latest, clock, watch } = fakeWatch();
    latest()?.heard('SERVING');
    latest()?.ended(ended(14));
    await clock.advance(10_010);
    expect(watch.view).toEqual({ mode: 'retrying', status: 'UNKNOWN', detail: 'No word within 10000 ms' });
  });

  it('waits between Watches that keep ending right after a word, and keeps that word', async () => {
    const { latest, channel, clock, seen } = fakeWatch();
    const waits: number[] = [];
    for (let turn = 1; turn <= 6; turn++) {
      latest()?.heard('SERVING');
      latest()?.ended(ended(0));
      const from = clock.now();
      while (channel.watches.length === turn) await clock.advance(10);
      waits.push(clock.now() - from);
    }
    // The first at once; none waits longer than a poll would.
    expect(waits).toEqual([0, 1_000, 1_600, 2_560, 4_100, 5_000]);
    expect(new Set(seen.slice(1))).toEqual(new Set(['watching SERVING', 'connecting SERVING']));
  });

  it('connects at once again after a Watch that lasted, however many were brief before', async () => {
    const { latest, channel, clock } = fakeWatch();
    for (let turn = 1; turn <= 4; turn++) {
      latest()?.heard('SERVING');
      latest()?.ended(ended(0));
      while (channel.watches.length === turn) await clock.advance(10);
    }
    latest()?.heard('SERVING');
    await clock.advance(1_000);
    latest()?.ended(ended(0));
    expect(channel.watches).toHaveLength(6);
  });

  it('says why when a Watch ended with OK before any status', () => {
    const { latest, watch } = fakeWatch();
    latest()?.ended({ code: 0, details: 'OK' });
    expect(watch.view.detail).toBe('The server ended the Watch with OK before any status');
  });

  it('gives up a Watch that says nothing', async () => {
    const { channel, clock, watch } = fakeWatch();
    await clock.advance(10_010);
    expect(channel.cancelled).toBe(1);
    expect(watch.view).toEqual({ mode: 'retrying', status: 'UNKNOWN', detail: 'No word within 10000 ms' });
  });

  it('asks by Check where there is no Watch, and a Check without an answer is a failure', async () => {
    const { channel, clock, seen, latest } = fakeWatch();
    latest()?.ended(ended(status.UNIMPLEMENTED));
    await clock.settle();
    channel.answer = { status: 'NOT_SERVING' };
    await clock.advance(5_010);
    expect(channel.checks).toBe(2);
    channel.answer = { failure: ended(status.DEADLINE_EXCEEDED) };
    await clock.advance(5_010);
    await clock.advance(1_010);
    expect(channel.watches).toHaveLength(2);
    expect(seen).toEqual([
      'connecting UNKNOWN',
      'checking UNKNOWN',
      'checking SERVING',
      'checking NOT_SERVING',
      'retrying UNKNOWN',
      'connecting UNKNOWN',
    ]);
  });

  it('keeps the word of a Check whose connection rotates, in the call or between two, and asks for Watch anew', async () => {
    for (const rotate of ['between', 'in the call'] as const) {
      const { channel, clock, seen, latest } = fakeWatch();
      latest()?.ended(ended(status.UNIMPLEMENTED));
      await clock.settle();
      if (rotate === 'between') channel.disconnect();
      else {
        channel.answer = { failure: ended(status.UNAVAILABLE) };
        await clock.advance(5_010);
      }
      expect(channel.watches, rotate).toHaveLength(2);
      latest()?.heard('NOT_SERVING');
      expect(seen.slice(2), rotate).toEqual(['checking SERVING', 'connecting SERVING', 'watching NOT_SERVING']);
    }
  });

  it('shows that a server cannot be checked at all, and lets it pass with a warning (A17)', async () => {
    const { channel, clock, latest, watch } = fakeWatch();
    channel.answer = { failure: ended(status.UNIMPLEMENTED) };
    latest()?.ended(ended(status.UNIMPLEMENTED));
    await clock.advance(60_000);
    expect(watch.view.mode).toBe('unchecked');
    expect(channel.checks).toBe(1);
    expect(await watch.probe(never)).toMatchObject({ status: 'warn' });
  });

  it('asks an unchecked server again on its next connection, and calls it down when there is none', async () => {
    const { channel, clock, latest, watch } = fakeWatch();
    channel.answer = { failure: ended(status.UNIMPLEMENTED) };
    latest()?.ended(ended(status.UNIMPLEMENTED));
    await clock.advance(60_000);
    channel.disconnect();
    expect(channel.watches).toHaveLength(2);
    expect(await watch.probe(never)).toMatchObject({ status: 'warn' });
    latest()?.heard('SERVING');
    expect(watch.view).toEqual({ mode: 'watching', status: 'SERVING' });

    latest()?.ended(ended(14));
    latest()?.ended(ended(status.UNIMPLEMENTED));
    await clock.advance(60_000);
    expect(watch.view.mode).toBe('unchecked');
    channel.disconnect();
    latest()?.ended(ended(14));
    expect(await watch.probe(never)).toEqual({ status: 'fail', detail: 'status 14: code 14' });
  });

  it('lends itself as a probe, which waits for the first word only', async () => {
    const { clock, latest, watch } = fakeWatch();
    const verdict = watch.probe(never);
    await clock.settle();
    latest()?.heard('SERVING');
    expect(await verdict).toEqual({ status: 'pass' });
    latest()?.heard('SERVICE_UNKNOWN');
    expect(await watch.probe(never)).toEqual({ status: 'fail', detail: 'SERVICE_UNKNOWN' });
    latest()?.ended(ended(14));
    latest()?.ended(ended(14));
    expect(await watch.probe(never)).toEqual({ status: 'fail', detail: 'status 14: code 14' });
  });

  it('answers as a probe that is aborted before the first word as every other probe does (INV-49)', async () => {
    const { watch } = fakeWatch();
    const reason = new DOMException('too late', 'TimeoutError');
    expect(await watch.probe(AbortSignal.abort(reason))).toEqual({
      status: 'fail',
      detail: 'timed out while waiting for the first status',
      byTime: true,
    });
    const abort = new AbortController();
    const verdict = watch.probe(abort.signal);
    abort.abort();
    expect(await verdict).toEqual({ status: 'fail', detail: 'aborted while waiting for the first status' });
  });

  it('hears a real server, and comes back when it is replaced on the same port', async () => {
    const first = await serve();
    const api = target(first.keeper, 'api');
    await until(() => api.health === 'healthy');
    const clock = new VirtualClock();
    using watch = watchHealth({ target: `127.0.0.1:${first.port}`, service: 'api', clock });
    await until(() => watch.view.status === 'SERVING');
    api.become('-');
    await until(() => watch.view.status === 'NOT_SERVING');
    expect(watch.view.mode).toBe('watching');
    await first[Symbol.asyncDispose]();
    await until(() => watch.view.mode === 'retrying');
    expect(watch.view.status).toBe('UNKNOWN');

    const second = await serve({}, {}, first.port);
    await clock.advance(1_200);
    await until(() => watch.view.mode === 'watching');
    expect(watch.view.status).toBe('SERVICE_UNKNOWN');
    await second[Symbol.asyncDispose]();
  });

  it('hangs up on GOAWAY, so that even a server which never ends a Watch can shut down (A17)', async () => {
    const server = new Server();
    new HealthImplementation({ '': 'SERVING' }).addToServer(server);
    const port = await listen(server);
    using watch = watchHealth({ target: `127.0.0.1:${port}` });
    await until(() => watch.view.status === 'SERVING');
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    await until(() => watch.view.mode === 'retrying');
    expect(watch.view.detail).toMatch(/ECONNREFUSED/);
  });

  it('rides through the end of each connection by age, without a false outage', async () => {
    const rotated = { 'grpc.max_connection_age_ms': 300, 'grpc.max_connection_age_grace_ms': 50 };
    await using served = await serve({}, {}, 0, rotated);
    let watches = 0;
    const begun = served.keeper.events$.subscribe((event) => {
      if (event.type === 'actor.started' && event.kind === 'session') watches += 1;
    });
    using watch = watchHealth({ target: `127.0.0.1:${served.port}`, pollMs: 50 });
    const seen = new Set<string>();
    watch.view$.subscribe(({ mode, status }) => seen.add(`${mode} ${status}`));
    await until(() => watches >= 5);
    begun.unsubscribe();
    expect(seen).toEqual(new Set(['connecting UNKNOWN', 'watching SERVING', 'connecting SERVING']));
  });

  it('asks a real server again that had no health service, and sees it die', async () => {
    const bare = new Server();
    const port = await listen(bare);
    const clock = new VirtualClock();
    using watch = watchHealth({ target: `127.0.0.1:${port}`, clock });
    await until(() => watch.view.mode === 'unchecked');
    bare.forceShutdown();
    await until(() => watch.view.mode === 'retrying');
    expect(await watch.probe(never)).toMatchObject({ status: 'fail' });
    const second = await serve({}, {}, port);
    await clock.advance(1_300);
    await until(() => watch.view.mode === 'watching');
    await second[Symbol.asyncDispose]();
  });

  it('lets a monitor judge a change at once', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    const keeper = createSupervisor();
    using watch = watchHealth({ target: `127.0.0.1:${served.port}`, service: 'api' });
    const monitor = keeper.monitor('api', watch.probe, { intervalMs: 600_000, failureThreshold: 1 });
    watch.view$.subscribe(() => monitor.check());
    keeper.start();
    await until(() => monitor.health === 'healthy');
    api.become('-');
    await until(() => monitor.health === 'unhealthy');
    await keeper.stop();
  });
});

describe('the back-off of a health watch', () => {
  it('is gRPC’s: 1 s, times 1.6, up to 120 s, a fifth either way', () => {
    expect([1, 2, 3].map((failures) => Math.round(watchBackoffMs(failures, 0.5)))).toEqual([1_000, 1_600, 2_560]);
    expect(watchBackoffMs(1_000, 0.5)).toBe(120_000);
    expect(watchBackoffMs(1, 0)).toBe(800);
    expect(watchBackoffMs(1, 1)).toBeCloseTo(1_200);
  });
});
