import { scriptedProbe } from '@watchkeeper/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Health, InvalidOptionError, isReady, type Plane, planes } from '../src/index.ts';
import { sharedPlanes } from '../src/model/plane.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

const options = { intervalMs: 1_000, timeoutMs: 500, jitter: 0 } as const;

describe('a plane', () => {
  it('depends on the monitors that are required for it, and on no other (INV-110)', async () => {
    for (const requiredFor of fc.sample(fc.subarray([...planes]), 30)) {
      const { keeper, clock } = createTestSupervisor();
      keeper.monitor('api', scriptedProbe('?+-'), { ...options, requiredFor });
      keeper.start();
      await clock.settle();
      const needs = (plane: Plane) => requiredFor.includes(plane);
      // Not judged yet.
      expect(keeper.planes).toEqual({
        started: !needs('started'),
        ready: !needs('started') && !needs('ready'),
        live: true,
      });
      await clock.advance(options.timeoutMs + options.intervalMs);
      expect(keeper.planes).toEqual({ started: true, ready: true, live: true });
      await clock.advance(options.intervalMs);
      expect(keeper.monitorOf('api')?.health).toBe('unhealthy');
      expect(keeper.planes).toEqual({ started: true, ready: !needs('ready'), live: !needs('live') });
      expect(keeper.health).toBe(needs('ready') ? 'unhealthy' : 'healthy');
      expect(keeper.monitorOf('api')?.status.requiredFor).toEqual(planes.filter(needs));
    }
  });

  it('is started and ready of what says nothing else, of composites too', () => {
    const { keeper } = createTestSupervisor();
    const api = keeper.monitor('api', scriptedProbe('+'));
    const all = keeper.composite('all', { of: ['api'], need: 'all' });
    expect([api.status.requiredFor, all.status.requiredFor]).toEqual(Array(2).fill(['started', 'ready']));
  });

  it('is changed by an update, at once, for all planes', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const api = keeper.monitor('api', scriptedProbe('-'), { ...options, requiredFor: [] });
    keeper.start();
    await clock.settle();
    expect(keeper.planes).toEqual({ started: true, ready: true, live: true });
    api.update({ requiredFor: ['live', 'ready'] });
    expect(keeper.planes).toEqual({ started: true, ready: false, live: false });
    api.update({ requiredFor: [] });
    expect(keeper.planes).toEqual({ started: true, ready: true, live: true });
    await clock.settle();
    expect(of('monitor.updated').map(({ requiredFor }) => requiredFor)).toEqual([['ready', 'live'], []]);
  });

  it('takes what the supervisor says for all of its monitors, and what one says for itself', () => {
    const { keeper } = createTestSupervisor({ monitor: { requiredFor: ['live'] } });
    expect(keeper.monitor('a', scriptedProbe('+')).status.requiredFor).toEqual(['live']);
    expect(keeper.monitor('b', scriptedProbe('+'), { requiredFor: [] }).status.requiredFor).toEqual([]);
  });

  it.each([[true], ['ready'], [['alive']], [['ready', 'ready']], [null], [{ ready: true }]])(
    'cannot be %j, and the error names the option and the planes',
    (requiredFor) => {
      const { keeper } = createTestSupervisor();
      keeper.monitor('api', scriptedProbe('+'));
      const given = { requiredFor: requiredFor as never };
      expect(() => keeper.monitor('x', scriptedProbe('+'), given)).toThrow(
        expect.objectContaining({
          constructor: InvalidOptionError,
          message: expect.stringMatching(/monitor\.requiredFor.*"started", "ready", "live"/),
        }),
      );
      expect(() => keeper.composite('x', { of: ['api'], need: 'all' }, given)).toThrow(/composite\.requiredFor/);
    },
  );

  it('has one array for all monitors that name the same set, which nobody can change', () => {
    const { keeper } = createTestSupervisor();
    const given: Plane[] = ['live', 'started'];
    const [a, b] = ['a', 'b'].map((id) => keeper.monitor(id, scriptedProbe('+'), { requiredFor: [...given] }));
    const c = keeper.monitor('c', scriptedProbe('+'), { requiredFor: given });
    given.push('ready');
    expect(c.status.requiredFor).toEqual(['started', 'live']);
    expect([a?.status.requiredFor, b?.status.requiredFor]).toEqual([
      sharedPlanes(['started', 'live']),
      c.status.requiredFor,
    ]);
    expect(a?.status.requiredFor).toBe(b?.status.requiredFor);
    expect(() => (c.status.requiredFor as Plane[]).push('ready')).toThrow(TypeError);
  });
});

describe('live', () => {
  /** Health that a monitor required for `live` alone gets to, by what is done to it. */
  async function lives(health: Health) {
    const { keeper, clock } = createTestSupervisor();
    const script = { healthy: '+', degraded: '~', unhealthy: '-', error: '!', starting: '?' }[health as string] ?? '+';
    const probe = scriptedProbe(script);
    const stale = health === 'stale' ? { maxIdleMs: 500, failureThreshold: 9 } : {};
    const api = keeper.monitor('api', probe, { ...options, ...stale, errorThreshold: 1, requiredFor: ['live'] });
    keeper.start();
    await clock.settle();
    if (health === 'paused') api.pause();
    if (health === 'reconnecting') api.markReconnecting();
    if (health === 'stale') await clock.advance(options.intervalMs);
    expect(api.health).toBe(health);
    return { keeper, clock, api };
  }

  it.each(['starting', 'healthy', 'degraded', 'stale', 'reconnecting', 'paused'] as const)(
    'is not lost to what is %s (INV-111)',
    async (health) => {
      expect((await lives(health)).keeper.planes.live).toBe(true);
    },
  );

  it.each(['unhealthy', 'error'] as const)(
    'is lost to what is %s, not in a drain, and comes back when that is assumed up or gone (INV-111)',
    async (health) => {
      const { keeper, clock, api } = await lives(health);
      expect(keeper.planes.live).toBe(false);
      expect(isReady(keeper.health)).toBe(true);
      api.pause();
      expect(keeper.planes.live).toBe(false);
      api.pause({ assume: 'up' });
      expect(keeper.planes.live).toBe(true);
      api.resume();
      await clock.settle();
      expect(keeper.planes.live).toBe(false);
      void keeper.drain({ noticeMs: 60_000, graceMs: 60_000, deadlineMs: 200_000 });
      expect([keeper.phase, keeper.planes.live]).toEqual(['draining', true]);
    },
  );

  it('waits for the threshold of failures (INV-111)', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.monitor('api', scriptedProbe('+-'), { ...options, failureThreshold: 3, requiredFor: ['live'] });
    keeper.start();
    await clock.settle();
    const seen: boolean[] = [];
    for (let failures = 0; failures < 4; failures += 1) {
      seen.push(keeper.planes.live);
      await clock.advance(options.intervalMs);
    }
    expect(seen).toEqual([true, true, true, false]);
  });

  it('is false once the supervisor has stopped', async () => {
    const { keeper, clock } = createTestSupervisor();
    const stopped = keeper.stop();
    await clock.settle();
    await stopped;
    expect(keeper.planes.live).toBe(false);
  });
});
