import { inbox, scriptedProbe } from '@watchkeeper/testing';
import { config } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { DuplicateIdError, InvalidOptionError } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

describe('a supervisor', () => {
  it('lets monitors wait for the start, and starts once (INV-75)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const probe = scriptedProbe('+');
    keeper.monitor('api', probe, { intervalMs: 1_000, jitter: 0 });
    await clock.advance(5_000);
    expect([probe.asked, keeper.phase]).toEqual([0, 'idle']);
    keeper.start();
    keeper.start();
    await clock.settle();
    expect([probe.asked, keeper.phase, of('supervisor.started').length]).toEqual([1, 'running', 1]);
  });

  it('tells clients of a monitor that waits for the start, and of each health once', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.notifier('a', client.deliver, { topics: ['api'] });
    keeper.monitor('api', scriptedProbe('+'));
    await clock.settle();
    expect(client.said).toEqual(['api=starting']);
    keeper.start();
    await clock.settle();
    expect(client.said).toEqual(['api=starting', 'api=healthy']);
  });

  it('is as healthy as its worst required monitor', async () => {
    const { keeper, clock } = createTestSupervisor();
    const api = scriptedProbe('+');
    const cache = scriptedProbe('-');
    keeper.monitor('api', api, { intervalMs: 1_000, jitter: 0 });
    const optional = keeper.monitor('cache', cache, { intervalMs: 1_000, jitter: 0, requiredFor: [] });
    keeper.start();
    expect([keeper.health, keeper.planes.started]).toEqual(['starting', false]);
    await clock.settle();
    expect([keeper.health, keeper.planes]).toEqual(['healthy', { started: true, ready: true, live: true }]);
    optional.update({ requiredFor: ['started', 'ready'] });
    expect([keeper.health, keeper.planes.ready]).toEqual(['unhealthy', false]);
    optional.stop();
    expect(keeper.health).toBe('healthy');
    api.rewrite('~');
    await clock.advance(1_000);
    expect([keeper.health, keeper.planes.ready]).toEqual(['degraded', true]);
    expect(keeper.stats().monitors).toMatchObject({ total: 1, byHealth: { degraded: 1, healthy: 0, stopped: 0 } });
  });

  it('stays started once it was, whatever comes later', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    keeper.monitor('later', scriptedProbe('?'));
    expect([keeper.health, keeper.planes.started, keeper.planes.ready]).toEqual(['starting', true, false]);
  });

  it('tells the whole under the empty topic, and each monitor under its id', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.notifier('a', client.deliver);
    keeper.monitor('api', scriptedProbe('+-'), { intervalMs: 1_000, jitter: 0 });
    keeper.start();
    await clock.advance(1_000);
    expect(client.said.filter((said) => !said.endsWith('=starting'))).toEqual([
      'api=healthy',
      '=healthy',
      'api=unhealthy',
      '=unhealthy',
    ]);
    const seqs = client.notices.map((notice) => (notice.type === 'health' ? notice.seq : -1));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('tells clients once that the program is going when a drain begins', async () => {
    const { keeper, clock } = createTestSupervisor();
    const client = inbox();
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    keeper.notifier('a', client.deliver);
    void keeper.drain({ noticeMs: 1_000 });
    await clock.advance(1_000);
    expect(client.said).toEqual(['api=healthy', '=healthy', '=stopped', 'goaway']);
  });

  it('gives health$ as a stream that ends', async () => {
    const { keeper, clock } = createTestSupervisor();
    const seen: string[] = [];
    keeper.health$.subscribe({ next: (health) => seen.push(health), complete: () => seen.push('complete') });
    keeper.monitor('api', scriptedProbe('+-'), { intervalMs: 1_000, jitter: 0 });
    keeper.start();
    await clock.advance(1_000);
    void keeper.stop();
    await clock.settle();
    expect(seen).toEqual(['healthy', 'starting', 'healthy', 'unhealthy', 'stopped', 'complete']);
  });

  it('refuses a second monitor with an id that runs, and takes it after that ended', async () => {
    const { keeper, clock } = createTestSupervisor();
    const first = keeper.monitor('api', scriptedProbe('+'));
    expect(() => keeper.monitor('api', scriptedProbe('+'))).toThrow(DuplicateIdError);
    first.stop();
    await clock.settle();
    expect(keeper.monitor('api', scriptedProbe('+')).id).toBe('api');
  });

  it('shows every actor, itself first', async () => {
    const { keeper, clock } = createTestSupervisor({ name: 'orders' });
    keeper.monitor('api', scriptedProbe('+'));
    keeper.notifier('client', inbox().deliver);
    keeper.start();
    await clock.settle();
    expect([...keeper.actors()].map(({ kind, id, health, value }) => [kind, id, health, value])).toEqual([
      ['supervisor', 'orders', 'healthy', { running: 'steady' }],
      [
        'monitor',
        'api',
        'healthy',
        { watching: { cadence: 'waiting', health: 'healthy', stability: 'calm', alert: 'quiet' } },
      ],
      ['notifier', 'client', undefined, { reading: 'ready' }],
    ]);
    expect(keeper.statuses().map(({ id }) => id)).toEqual(['api']);
  });

  it('returns the changes of its actors at each call, and nothing twice', async () => {
    const { keeper, clock } = createTestSupervisor();
    const api = keeper.monitor('api', scriptedProbe('+'), { intervalMs: 1_000, jitter: 0 });
    keeper.monitor('calm', scriptedProbe('+'), { intervalMs: 60_000, jitter: 0 });
    const next = keeper.watchActors();
    const names = () => next().changed.map(({ id, health }) => `${id} ${health}`);
    expect(names()).toEqual(['watchkeeper starting', 'api starting', 'calm starting']);
    keeper.start();
    await clock.settle();
    expect(names()).toEqual(['watchkeeper healthy', 'api healthy', 'calm healthy']);
    await clock.advance(1_000);
    expect(names()).toEqual(['watchkeeper healthy', 'api healthy']);
    const { actorId } = [...keeper.actors()][1] ?? {};
    api.stop();
    await clock.settle();
    expect(keeper.watchActors()().ended).toEqual([]);
    expect(next().ended).toEqual([actorId]);
    expect(next()).toMatchObject({ ended: [], changed: [{ kind: 'supervisor' }] });
  });

  it('shows an observer each event that one actor handles, until it is ended', async () => {
    const { keeper, clock } = createTestSupervisor();
    const api = keeper.monitor('api', scriptedProbe('+'), { intervalMs: 1_000, jitter: 0 });
    keeper.monitor('other', scriptedProbe('+'), { intervalMs: 100, jitter: 0 });
    keeper.start();
    await clock.settle();
    const actorIdOf = (name: string) => [...keeper.actors()].find(({ id }) => id === name)?.actorId ?? '';
    const seen: string[] = [];
    const stop = keeper.observe(actorIdOf('api'), ({ event }) => seen.push(event.type));
    api.pause();
    api.resume();
    expect(seen).toEqual(['pause', 'resume', 'permit.granted']);
    stop();
    api.pause();
    await clock.advance(1_000);
    expect(seen).toHaveLength(3);
    keeper.observe('nobody', () => seen.push('nobody'))();
    keeper.observe('supervisor', ({ event }) => seen.push(event.type));
    keeper.broadcast({ type: 'health', topic: '', health: 'healthy' });
    expect(seen.at(-1)).toBe('broadcast');
  });

  it('cuts off an observer of one actor that throws, and goes on', async () => {
    const { keeper, clock } = createTestSupervisor();
    const api = keeper.monitor('api', scriptedProbe('+'), { intervalMs: 1_000, jitter: 0 });
    keeper.start();
    await clock.settle();
    let calls = 0;
    const [, monitor] = keeper.actors();
    keeper.observe(monitor?.actorId ?? '', () => {
      calls += 1;
      throw new Error('a bad observer');
    });
    api.pause();
    api.resume();
    await clock.settle();
    expect([calls, api.health]).toEqual([1, 'healthy']);
  });

  it('is not disturbed by an observer that throws (INV-52)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const reported = new Promise((resolve) => {
      config.onUnhandledError = resolve;
    });
    let calls = 0;
    keeper.events$.subscribe(() => {
      calls += 1;
      if (calls === 1) throw new Error('a bad observer');
    });
    const seen: string[] = [];
    keeper.events$.subscribe(({ type }) => seen.push(type));
    keeper.monitor('api', scriptedProbe('+'));
    keeper.start();
    await clock.settle();
    expect(await reported).toEqual(new Error('a bad observer'));
    config.onUnhandledError = null;
    expect(calls).toBe(seen.length);
    expect(seen).toContain('health.changed');
    expect(keeper.health).toBe('healthy');
  });

  it.each<[string, () => void]>([
    ['notice', () => createTestSupervisor().keeper.broadcast(null as never)],
    ['notice.type', () => createTestSupervisor().keeper.broadcast({ type: 'hello' } as never)],
    [
      'notice.topic',
      () => createTestSupervisor().keeper.broadcast({ type: 'health', topic: 1 as never, health: 'healthy' }),
    ],
    [
      'notice.health',
      () => createTestSupervisor().keeper.broadcast({ type: 'health', topic: 'a', health: 'fine' as never }),
    ],
    ['notice.reason', () => createTestSupervisor().keeper.broadcast({ type: 'goaway', reason: '', graceMs: 1 })],
    ['notice.graceMs', () => createTestSupervisor().keeper.broadcast({ type: 'goaway', reason: 'x', graceMs: -1 })],
    ['monitor.id', () => createTestSupervisor().keeper.monitor('', scriptedProbe('+'))],
    ['monitor.probe', () => createTestSupervisor().keeper.monitor('a', {} as never)],
    ['notifier.key', () => createTestSupervisor().keeper.notifier('', () => {})],
    ['notifier.deliver', () => createTestSupervisor().keeper.notifier('a', 'b' as never)],
    ['reserve.peer', () => createTestSupervisor().keeper.reserve('')],
    ['monitor.pause.ttlMs', () => createTestSupervisor().keeper.monitor('a', scriptedProbe('+')).pause({ ttlMs: 0 })],
    [
      'notifier.close.reason',
      () =>
        createTestSupervisor()
          .keeper.notifier('a', () => {})
          .close('bored' as never),
    ],
  ])('refuses a wrong %s by name', (option, call) => {
    expect(call).toThrow(expect.objectContaining({ name: 'InvalidOptionError', option }));
    expect(call).toThrow(InvalidOptionError);
  });
});
