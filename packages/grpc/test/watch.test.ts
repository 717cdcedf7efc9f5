import { EventEmitter } from 'node:events';
import { status } from '@grpc/grpc-js';
import { createSupervisor, type KeeperEvent } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { type HealthServiceOptions, healthService, type ServingStatus, type WatchRefusal } from '../src/index.ts';
import { connect, follow, serve, target, until } from './served.ts';

/** The server's end of a Watch whose client reads only when it is told to. */
class FakeWatchCall extends EventEmitter {
  readonly cancelled = false;
  readonly request: { readonly service: string };
  readonly written: ServingStatus[] = [];
  readonly ends: (number | 'ok')[] = [];
  reads = true;

  constructor(service: string) {
    super();
    this.request = { service };
    this.on('error', ({ code }: { code: number }) => this.finish(code));
  }

  getPeer(): string {
    return '192.0.2.1:50000';
  }

  write({ status }: { status: ServingStatus }): boolean {
    this.written.push(status);
    return this.reads;
  }

  end(): void {
    this.finish('ok');
  }

  finish(end: number | 'ok'): void {
    this.ends.push(end);
    if (this.reads) this.emit('cancelled');
  }
}

/** A supervisor on a virtual clock with one service, `api`, and calls that need no network. */
function fakeServed(options: HealthServiceOptions = {}) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock });
  const events: KeeperEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const service = healthService(keeper, options);
  const api = target(keeper, 'api');
  keeper.start();
  const watch = (name: string, reads = true) => {
    const call = new FakeWatchCall(name);
    call.reads = reads;
    service.implementation.watch(call);
    return call;
  };
  return { clock, keeper, events, service, api, watch };
}

describe('Watch', () => {
  it('tells the present status at once and then each change, never one twice (INV-8)', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    const watch = follow(served.client.Watch({ service: 'api' }));
    await watch.words(1);
    api.become('~');
    await until(() => api.health === 'degraded');
    api.become('-');
    await watch.words(2);
    api.become('+');
    expect(await watch.words(3)).toEqual(['SERVING', 'NOT_SERVING', 'SERVING']);
    watch.cancel();
  });

  it('keeps an unknown name open, and tells it when it is known and when it is gone again (INV-13)', async () => {
    await using served = await serve();
    const watch = follow(served.client.Watch({ service: 'late' }));
    await watch.words(1);
    const late = target(served.keeper, 'late');
    await watch.words(3);
    late.stop();
    await watch.words(4);
    target(served.keeper, 'late');
    expect(await watch.words(6)).toEqual([
      'SERVICE_UNKNOWN',
      'NOT_SERVING',
      'SERVING',
      'SERVICE_UNKNOWN',
      'NOT_SERVING',
      'SERVING',
    ]);
    watch.cancel();
  });

  it('is told nothing of other services, and the whole is one of its own', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    const db = target(served.keeper, 'db');
    await until(() => api.health === 'healthy' && db.health === 'healthy');
    const watches = {
      api: follow(served.client.Watch({ service: 'api' })),
      whole: follow(served.client.Watch({ service: '' })),
    };
    await watches.api.words(1);
    await watches.whole.words(1);
    db.become('-');
    await watches.whole.words(2);
    db.become('+');
    await watches.whole.words(3);
    api.become('-');
    await watches.api.words(2);
    await watches.whole.words(4);
    expect(watches.api.heard).toEqual(['SERVING', 'NOT_SERVING']);
    expect(watches.whole.heard).toEqual(['SERVING', 'NOT_SERVING', 'SERVING', 'NOT_SERVING']);
  });

  it('frees everything of a cancelled call: session, slot, notifier and name', async () => {
    await using served = await serve({ maxSessions: 50 });
    for (let round = 0; round < 4; round++) {
      const watches = Array.from({ length: 50 }, (_, turn) =>
        follow(served.client.Watch({ service: `unknown ${turn}` })),
      );
      for (const watch of watches) await watch.words(1);
      expect(served.service.stats()).toMatchObject({ watches: 50, unknownNames: 50 });
      expect(served.keeper.stats()).toMatchObject({ notifiers: { open: 50 }, sessions: { open: 50, taken: 50 } });
      for (const watch of watches) watch.cancel();
      await until(() => served.service.stats().watches === 0);
      expect(served.service.stats().unknownNames).toBe(0);
      await until(() => served.keeper.stats().notifiers.open === 0);
      expect(served.keeper.stats().sessions).toEqual({ open: 0, taken: 0 });
    }
  });

  it('frees everything of a client whose connection is cut', async () => {
    await using served = await serve();
    const client = connect(served.port);
    const watch = follow(client.Watch({ service: '' }));
    await watch.words(1);
    client.close();
    watch.cancel();
    await until(() => served.service.stats().watches === 0 && served.keeper.stats().sessions.taken === 0);
  });

  it('refuses one watch too many with RESOURCE_EXHAUSTED, and takes it once there is room', async () => {
    await using served = await serve({ maxSessions: 1 });
    const first = follow(served.client.Watch({ service: '' }));
    await first.words(1);
    const refused = follow(served.client.Watch({ service: '' }));
    expect(await refused.words(1)).toEqual([`error ${status.RESOURCE_EXHAUSTED}`]);
    first.cancel();
    await until(() => served.keeper.stats().sessions.taken === 0);
    const second = follow(served.client.Watch({ service: '' }));
    expect(await second.words(1)).toEqual(['SERVING']);
    expect(served.service.stats().refused).toMatchObject({ capacity: 1, draining: 0 });
    second.cancel();
  });

  it('counts the watches of one address together', async () => {
    await using served = await serve({ maxSessionsPerPeer: 1 });
    const other = connect(served.port);
    const first = follow(served.client.Watch({ service: '' }));
    await first.words(1);
    const refused = follow(other.Watch({ service: '' }));
    expect(await refused.words(1)).toEqual([`error ${status.RESOURCE_EXHAUSTED}`]);
    first.cancel();
    other.close();
  });

  it('ends a watch with NOT_SERVING and OK when a drain begins, and refuses new ones with UNAVAILABLE', async () => {
    await using served = await serve();
    const api = target(served.keeper, 'api');
    await until(() => api.health === 'healthy');
    const watches = ['', 'api', 'nobody'].map((service) => follow(served.client.Watch({ service })));
    for (const watch of watches) await watch.words(1);
    const drained = served.keeper.drain({ noticeMs: 100 });
    const refused = follow(served.client.Watch({ service: '' }));
    expect(await refused.words(1)).toEqual([`error ${status.UNAVAILABLE}`]);
    expect(await watches[0]?.words(3)).toEqual(['SERVING', 'NOT_SERVING', 'OK']);
    expect(await watches[1]?.words(3)).toEqual(['SERVING', 'NOT_SERVING', 'OK']);
    expect(await watches[2]?.words(2)).toEqual(['SERVICE_UNKNOWN', 'OK']);
    const report = await drained;
    expect(report.sessions).toEqual({ total: 3, early: 3, forced: 0, stragglers: 0 });
    expect(report.notifiers).toEqual({ told: 3, evicted: 0 });
  });

  it('still says NOT_SERVING when a drain leaves no grace (INV-32)', async () => {
    await using served = await serve();
    const watch = follow(served.client.Watch({ service: '' }));
    await watch.words(1);
    await served.keeper.drain({ graceMs: 0 });
    expect(await watch.words(3)).toEqual(['SERVING', 'NOT_SERVING', `error ${status.UNAVAILABLE}`]);
  });
});

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
    const { clock, watch, service, keeper, api } = fakeServed({ maxUnknownNames: 2 });
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
    expect(keeper.stats().sessions.taken).toBe(4);
    calls[2]?.emit('cancelled');
    await clock.settle();
    expect(watch('z').written).toEqual(['SERVICE_UNKNOWN']);
    api.stop();
    await keeper.stop();
  });

  it('refuse a name that is too long', async () => {
    const { watch, service, keeper } = fakeServed({ maxNameLength: 8 });
    const refusals: WatchRefusal[] = [];
    service.refusals$.subscribe((refusal) => refusals.push(refusal));
    expect(watch('123456789').ends).toEqual([status.INVALID_ARGUMENT]);
    expect(service.stats().refused['name-length']).toBe(1);
    expect(refusals).toEqual([{ reason: 'name-length', peer: '192.0.2.1', service: '12345678' }]);
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
