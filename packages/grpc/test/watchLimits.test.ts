import { status } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type HealthServiceOptions, healthService, type WatchRefusal } from '../src/index.ts';
import { fakeServed } from './support/fakeWatchCall.ts';
import { follow, serve, target } from './support/testServer.ts';

describe('a flip of one service', () => {
  it('wakes only those who watch it, or the whole if that changed', async () => {
    const { clock, watch, events, keeper, api } = fakeServed();
    target(keeper, 'db');
    await clock.settle();
    for (const name of ['api', 'api', 'db', 'db', 'db', '']) watch(name);
    await clock.settle();
    events.length = 0;
    api.become('-');
    await clock.settle();
    const woken = events.flatMap((event) => (event.type === 'notice.broadcast' ? [event] : []));
    expect(woken.map(({ notice, notifiers }) => [notice.type === 'health' && notice.topic, notifiers])).toEqual([
      ['api', 2],
      ['', 1],
    ]);
    await keeper.stop();
  });
});

describe('a Watch of a topic that as many watch as may', () => {
  it('is refused with RESOURCE_EXHAUSTED, and one of another topic is not', async () => {
    const { clock, watch, keeper, service } = fakeServed({}, { maxSessionsPerTopic: 2 });
    await clock.settle();
    const watches = ['api', 'api', 'api', ''].map((name) => watch(name));
    await clock.settle();
    expect(watches.map(({ ends }) => ends)).toEqual([[], [], [status.RESOURCE_EXHAUSTED], []]);
    expect(service.stats()).toMatchObject({ watches: 3, refused: { capacity: 1 } });
    await keeper.stop();
  });
});

describe('a Watch whose client does not read', () => {
  it('keeps the latest status only, and tells it once there is room', async () => {
    const { api, clock, watch, keeper } = fakeServed();
    await clock.settle();
    const call = watch('api', false);
    await clock.settle();
    for (let turn = 0; turn < 101; turn++) {
      api.become(turn % 2 === 0 ? '-' : '+');
      await clock.settle();
    }
    expect(call.written).toEqual(['SERVING']);
    call.reads = true;
    call.emit('drain');
    await clock.settle();
    expect(call.written).toEqual(['SERVING', 'NOT_SERVING']);
    expect(call.listenerCount('drain')).toBe(0);
    await keeper.stop();
  });

  it('is not written to again before there is room, from the first status on', async () => {
    const { clock, watch, keeper } = fakeServed();
    const call = watch('late', false);
    target(keeper, 'late');
    await clock.settle();
    expect(call.written).toEqual(['SERVICE_UNKNOWN']);
    call.reads = true;
    call.emit('drain');
    await clock.settle();
    expect(call.written).toEqual(['SERVICE_UNKNOWN', 'SERVING']);
    await keeper.stop();
  });

  it('does not hold up another (INV-1)', async () => {
    const { api, clock, watch, keeper } = fakeServed();
    await clock.settle();
    const stuck = watch('api', false);
    const quick = watch('api');
    for (const mark of ['-', '+', '-'] as const) {
      api.become(mark);
      await clock.settle();
    }
    expect(quick.written).toEqual(['SERVING', 'NOT_SERVING', 'SERVING', 'NOT_SERVING']);
    expect(stuck.written).toEqual(['SERVING']);
    void keeper.stop();
    await clock.advance(2_000);
    expect(keeper.phase).toBe('stopped');
  });

  it('is given up after the supervisor’s limit with ABORTED, and its slot is free', async () => {
    const { api, clock, watch, keeper, service } = fakeServed({
      notifier: { stallAfterMs: 1_000, evictAfterMs: 1_000 },
    });
    await clock.settle();
    const call = watch('api', false);
    api.become('-');
    await clock.advance(2_000);
    expect(call.ends).toEqual([status.ABORTED]);
    expect(call.written).toEqual(['SERVING']);
    call.emit('cancelled');
    await clock.settle();
    expect(service.stats().watches).toBe(0);
    expect(keeper.stats().sessions.taken).toBe(0);
    await keeper.stop();
  });

  it('is cut at the end of the grace, and never written to after its end (INV-5)', async () => {
    const { clock, watch, keeper } = fakeServed();
    await clock.settle();
    const call = watch('api', false);
    const drained = keeper.drain({ graceMs: 1_000 });
    await clock.advance(5_000);
    const report = await drained;
    expect(call.ends).toEqual([status.UNAVAILABLE]);
    expect(call.written).toEqual(['SERVING', 'NOT_SERVING']);
    expect(report.sessions).toMatchObject({ total: 1, forced: 1 });
  });
});

describe('the limits of Watch', () => {
  it('take only so many different unknown names, however many watch each', async () => {
    const { clock, watch, service, keeper, api, events } = fakeServed({ maxUnknownNames: 2 });
    await clock.settle();
    const calls = ['x', 'x', 'y', 'z', 'api'].map((name) => watch(name));
    await clock.settle();
    expect(calls.map(({ written, ends }) => [...written, ...ends])).toEqual([
      ['SERVICE_UNKNOWN'],
      ['SERVICE_UNKNOWN'],
      ['SERVICE_UNKNOWN'],
      [status.RESOURCE_EXHAUSTED],
      ['SERVING'],
    ]);
    expect(service.stats()).toMatchObject({ watches: 4, unknownNames: 2, refused: { 'unknown-names': 1 } });
    expect(keeper.stats()).toMatchObject({ sessions: { taken: 4 }, lost: { refused: 1 } });
    expect(events.filter(({ type }) => type === 'client.refused')).toMatchObject([
      { by: 'grpc', reason: 'unknown-names', peer: '192.0.2.1' },
    ]);
    calls[2]?.emit('cancelled');
    await clock.settle();
    expect(watch('z').written).toEqual(['SERVICE_UNKNOWN']);
    api.stop();
    await keeper.stop();
  });

  it('refuses under load with a status that clients try again, and says when (INV-14)', async () => {
    const { watch, service, keeper } = fakeServed({}, { admit: () => ({ retryAfterMs: 400 }) });
    const call = watch('api');
    expect([call.ends, call.details]).toEqual([[status.UNAVAILABLE], expect.stringContaining('400 ms')]);
    expect(service.stats()).toMatchObject({ watches: 0, refused: { overload: 1 } });
    expect(keeper.stats()).toMatchObject({ sessions: { taken: 0 }, lost: { refused: 1 } });
    await keeper.stop();
  });

  it('refuse a name that is too long', async () => {
    const { clock, watch, service, keeper, events } = fakeServed({ maxNameLength: 8 });
    const refusals: WatchRefusal[] = [];
    service.refusals$.subscribe((refusal) => refusals.push(refusal));
    expect(watch('123456789').ends).toEqual([status.INVALID_ARGUMENT]);
    expect(service.stats().refused['name-length']).toBe(1);
    expect(refusals).toEqual([{ reason: 'name-length', peer: '192.0.2.1', service: '12345678' }]);
    await clock.settle();
    expect(events.filter(({ type }) => type === 'client.refused')).toMatchObject([
      { by: 'grpc', reason: 'name-length' },
    ]);
    await keeper.stop();
  });

  it.each([
    ['maxUnknownNames', { maxUnknownNames: 0 }],
    ['maxNameLength', { maxNameLength: 1.5 }],
    ['services', { services: { '': 'api' } }],
    ['peerOf', { peerOf: 'address' }],
    ['notifier', { notifier: { topics: [] } }],
    ['colour', { colour: 'red' }],
  ])('are checked: %s', (name, options) => {
    expect(() => healthService(createSupervisor(), options as HealthServiceOptions)).toThrow(`healthService.${name}`);
  });
});

describe('a Watch of the maximum age', () => {
  const age = { maxConnectionAgeMs: 60_000, maxConnectionAgeJitter: 0, maxConnectionAgeGraceMs: 500 };

  it('ends well, without a word of what it watches, which goes on', async () => {
    const { clock, watch, keeper, service } = fakeServed(age);
    await clock.settle();
    const call = watch('api');
    await clock.advance(59_999);
    expect([call.written, call.ends]).toEqual([['SERVING'], []]);
    await clock.advance(1);
    expect([call.written, call.ends]).toEqual([['SERVING'], ['ok']]);
    expect([service.stats().watches, keeper.stats().sessions.taken]).toEqual([0, 0]);
    await keeper.stop();
  });

  it('is ended with UNAVAILABLE when its client does not read, after its grace', async () => {
    const patient = { stallAfterMs: 100_000, evictAfterMs: 100_000 };
    const { clock, watch, keeper } = fakeServed({ ...age, notifier: patient });
    await clock.settle();
    const call = watch('api', false);
    await clock.advance(60_499);
    expect(call.ends).toEqual([]);
    await clock.advance(1);
    expect([call.written, call.ends]).toEqual([['SERVING'], [status.UNAVAILABLE]]);
    const stopped = keeper.stop();
    // Its client never says that the call has ended.
    await clock.advance(2_000);
    await stopped;
  });

  it('ends over a real connection too, which then takes another', async () => {
    const clock = new VirtualClock();
    await using served = await serve({ clock }, age);
    const first = follow(served.client.Watch({ service: '' }));
    await first.words(1);
    await clock.advance(60_000);
    expect(await first.words(2)).toEqual(['SERVING', 'OK']);
    const second = follow(served.client.Watch({ service: '' }));
    expect(await second.words(1)).toEqual(['SERVING']);
    second.cancel();
  });
});
