import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { connect, follow, serve, target, until } from './support/testServer.ts';

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
    await using served = await serve({ maxSessions: 20 });
    for (let round = 0; round < 3; round++) {
      const watches = Array.from({ length: 20 }, (_, turn) =>
        follow(served.client.Watch({ service: `unknown ${turn}` })),
      );
      for (const watch of watches) await watch.words(1);
      expect(served.service.stats()).toMatchObject({ watches: 20, unknownNames: 20 });
      expect(served.keeper.stats()).toMatchObject({ notifiers: { open: 20 }, sessions: { open: 20, taken: 20 } });
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
