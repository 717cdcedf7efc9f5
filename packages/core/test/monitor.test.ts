import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { defineProbe, type Health, InvalidOptionError, InvalidVerdictError } from '../src/index.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

describe('a monitor judging', () => {
  it.each<[string, number, number, Health]>([
    ['+', 1, 1, 'healthy'],
    ['-', 1, 1, 'unhealthy'],
    ['~', 1, 1, 'degraded'],
    ['+-', 1, 1, 'unhealthy'],
    ['+-+', 1, 1, 'healthy'],
    ['+--', 3, 1, 'healthy'],
    ['+---', 3, 1, 'unhealthy'],
    ['+--+--', 3, 1, 'healthy'],
    ['--+', 1, 2, 'unhealthy'],
    ['--++', 1, 2, 'healthy'],
    ['--+-+', 1, 2, 'unhealthy'],
    ['+~', 1, 1, 'degraded'],
    ['~-~', 1, 1, 'degraded'],
    ['!!!!', 1, 1, 'unhealthy'],
    ['!!!!!', 1, 1, 'error'],
    ['!!!!-!', 1, 1, 'unhealthy'],
  ])(
    'after %s with thresholds %i and %i the target is %s (INV-60)',
    async (script, failureThreshold, successThreshold, health) => {
      const { clock, monitor } = startMonitor(script, { failureThreshold, successThreshold });
      await clock.advance((script.length - 1) * 1_000);
      expect(monitor.health).toBe(health);
    },
  );

  it('says nothing is known before the first verdict, and keeps never-seen explicit (INV-67, INV-68)', async () => {
    const { clock, monitor } = startMonitor('-+-');
    expect(monitor.status).toMatchObject({ health: 'starting', failures: 0 });
    await clock.settle();
    expect(monitor.status).not.toHaveProperty('healthyAt');
    await clock.advance(1_000);
    const healthyAt = clock.now();
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', healthyAt });
  });

  it('excuses failures within the start grace, and not a millisecond longer (INV-43)', async () => {
    const { clock, monitor } = startMonitor('-', { startGraceMs: 2_000 });
    await clock.advance(1_999);
    expect(monitor.status).toMatchObject({ health: 'starting', detail: 'scripted failure' });
    await clock.advance(1);
    expect(monitor.health).toBe('unhealthy');
  });

  it.each([0, 2_000])(
    'excuses nothing because the clock was set back, with %i ms of grace (simulation seed 125)',
    async (startGraceMs) => {
      const { clock, monitor } = startMonitor('+++-', { startGraceMs });
      await clock.advance(2_000);
      clock.jump(-3_600_000);
      await clock.advance(1_000);
      expect(monitor.health).toBe('unhealthy');
    },
  );

  it('goes on asking in error, slower, and leaves it by itself (INV-63)', async () => {
    const { clock, monitor, probe } = startMonitor('!!!!!!+', { errorIntervalMs: 5_000 });
    await clock.advance(4_000);
    expect([monitor.health, probe.asked]).toEqual(['error', 5]);
    await clock.advance(4_999);
    expect(probe.asked).toBe(5);
    await clock.advance(1);
    expect([monitor.health, probe.asked]).toEqual(['error', 6]);
    await clock.advance(5_000);
    expect(monitor.health).toBe('healthy');
  });

  it('keeps a verdict that cannot be read out of the actor (INV-64)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    const trap = {
      status: 'pass',
      get detail(): string {
        throw new Error('a trap');
      },
    } as const;
    keeper.monitor(
      'trap',
      defineProbe('trap', async () => trap),
    );
    keeper.start();
    await clock.settle();
    expect(of('check.failed')).toMatchObject([
      { id: 'trap', cause: { code: 'INVALID_VERDICT', message: expect.stringContaining('a trap') } },
    ]);
    expect(of('actor.failed')).toEqual([]);
  });

  it('treats an answer that is no verdict as a broken check (INV-64)', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    keeper.monitor(
      'odd',
      defineProbe('odd', async () => 'fine' as never),
    );
    keeper.start();
    await clock.settle();
    expect(of('check.failed')).toMatchObject([{ id: 'odd', errors: 1, cause: expect.any(InvalidVerdictError) }]);
  });
});

describe('a monitor asking', () => {
  it('asks at once, then after each interval (INV-40, INV-61)', async () => {
    const { clock, probe } = startMonitor('+');
    await clock.settle();
    expect(probe.asked).toBe(1);
    await clock.advance(999);
    expect(probe.asked).toBe(1);
    await clock.advance(1);
    expect(probe.asked).toBe(2);
  });

  it('spreads later checks by jitter, within its bounds', async () => {
    for (const [draw, delayMs] of [
      [0, 800],
      [0.5, 1_000],
      [0.999_999, 1_200],
    ] as const) {
      const { keeper, clock } = createTestSupervisor({ random: () => draw });
      const probe = scriptedProbe('+');
      keeper.monitor('api', probe, { intervalMs: 1_000, jitter: 0.2 });
      keeper.start();
      await clock.advance(delayMs - 1);
      expect(probe.asked).toBe(1);
      await clock.advance(1);
      expect(probe.asked).toBe(2);
    }
  });

  it('cuts a hung check at the timeout, and never has two under way (INV-46, INV-49, INV-62)', async () => {
    const { clock, monitor, probe } = startMonitor('?');
    for (let call = 0; call < 16; call++) monitor.check();
    await clock.advance(499);
    expect([probe.asked, probe.running, monitor.health]).toEqual([1, 1, 'starting']);
    await clock.advance(1);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', detail: 'no answer within 500 ms' });
    expect([probe.asked, probe.running, probe.aborted]).toEqual([2, 1, 1]);
    await clock.advance(500);
    expect([probe.asked, probe.running, probe.aborted]).toEqual([2, 0, 2]);
  });

  it('discards the verdict of a check that a newer mark has overtaken (INV-45)', async () => {
    const { keeper, clock } = createTestSupervisor();
    const probe = scriptedProbe('+', { latencyMs: 100, clock });
    const monitor = keeper.monitor('api', probe, { intervalMs: 1_000, jitter: 0 });
    keeper.start();
    await clock.advance(50);
    monitor.markReconnecting();
    await clock.advance(900);
    expect([monitor.health, probe.aborted]).toEqual(['reconnecting', 1]);
    monitor.markConnected();
    await clock.advance(100);
    expect(monitor.health).toBe('healthy');
  });

  it('begins anew with another probe, and asks it at once (INV-66)', async () => {
    const { clock, monitor, probe } = startMonitor('-');
    await clock.settle();
    const other = scriptedProbe('+', { name: 'other' });
    monitor.update({ probe: other });
    expect(monitor.status).toMatchObject({ health: 'starting', epoch: 2, probe: 'other', failures: 0 });
    await clock.advance(5_000);
    expect([monitor.health, probe.asked, other.asked]).toEqual(['healthy', 1, 6]);
  });

  it('keeps what it knows when only options change', async () => {
    const { clock, monitor } = startMonitor('+-');
    await clock.settle();
    monitor.update({ failureThreshold: 3 });
    await clock.settle();
    expect(monitor.status).toMatchObject({ health: 'healthy', epoch: 2, failures: 1 });
    expect(() => monitor.update({ intervalMs: 0 })).toThrow(InvalidOptionError);
  });

  it('rests for a while, or until told, and then asks at once', async () => {
    const { clock, monitor, probe } = startMonitor('+');
    await clock.settle();
    monitor.pause({ ttlMs: 10_000 });
    await clock.advance(9_999);
    expect([monitor.health, probe.asked]).toEqual(['paused', 1]);
    await clock.advance(1);
    expect([monitor.health, probe.asked]).toEqual(['healthy', 2]);
    monitor.pause();
    await clock.advance(3_600_000);
    expect([monitor.health, probe.asked]).toEqual(['paused', 2]);
    monitor.resume();
    await clock.settle();
    expect([monitor.health, probe.asked]).toEqual(['healthy', 3]);
  });

  it('leaves nothing behind when it stops: no check, no event, no timer (INV-48, INV-65)', async () => {
    const { keeper, clock, monitor, probe, of, events } = startMonitor('?');
    await clock.settle();
    monitor.stop();
    await clock.settle();
    expect([monitor.health, probe.aborted, clock.pending]).toEqual(['stopped', 1, 0]);
    expect(of('actor.ended')).toMatchObject([{ kind: 'monitor', id: 'api', reason: 'stopped' }]);
    const said = events.length;
    monitor.check();
    monitor.markConnected();
    await clock.advance(10_000);
    expect([events.length, probe.asked, keeper.monitorOf('api')]).toEqual([said, 1, undefined]);
  });
});

describe('a monitor telling stale from down', () => {
  it.each([
    [{ maxAgeMs: 5_000, maxIdleMs: 0 }, 5_000, 'connected for 6000 ms, more than 5000, and idle for 6000 ms'],
    [{ maxIdleMs: 3_000 }, 3_000, 'idle for 4000 ms, more than 3000'],
    [{ maxAgeMs: 2_000, maxIdleMs: 4_000 }, 4_000, 'connected for 5000 ms, more than 2000, and idle for 5000 ms'],
  ])('with %o goes stale after %i ms of failing, without asking (INV-41)', async (options, limitMs, detail) => {
    const { clock, monitor, probe } = startMonitor('-', options);
    await clock.advance(limitMs);
    expect(monitor.health).toBe('unhealthy');
    const { asked } = probe;
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ health: 'stale', detail });
    expect(probe.asked).toBe(asked);
  });

  it('is never idle while checks pass (INV-42)', async () => {
    const { clock, monitor } = startMonitor('+', { maxIdleMs: 1_500 });
    await clock.advance(60_000);
    expect(monitor.health).toBe('healthy');
  });

  it('stays stale until the connection is marked new', async () => {
    const { clock, monitor, of } = startMonitor('---+', { maxIdleMs: 2_000 });
    await clock.advance(10_000);
    expect(monitor.health).toBe('stale');
    expect(of('health.changed').filter(({ to }) => to === 'stale')).toHaveLength(1);
    monitor.markConnected();
    await clock.settle();
    expect(monitor.health).toBe('healthy');
  });
});

describe('an alert', () => {
  it.each([
    ['-', -1, 1, 0],
    ['--', 2, 1, 0],
    ['--+', 3, 0, 0],
    ['-+-', 2, 0, 0],
    ['-+--', 2, 1, 0],
    ['---+', 3, 1, 1],
    ['----+-+---+', 3, 2, 2],
    ['-+-+', -1, 2, 2],
    ['!!-', 3, 1, 0],
  ])(
    'over %s with alertAfter %i is raised %i and cleared %i times (INV-58, INV-59)',
    async (script, alertAfter, raised, cleared) => {
      const { clock, of, monitor } = startMonitor(script, { alertAfter });
      await clock.advance((script.length - 1) * 1_000);
      expect([of('alert.raised').length, of('alert.cleared').length]).toEqual([raised, cleared]);
      expect(monitor.status.alerting).toBe(raised > cleared);
    },
  );

  it('by default waits 15 seconds worth of failures, and at least one (INV-74)', async () => {
    const quick = startMonitor('-', { intervalMs: 5_000 });
    await quick.clock.advance(5_000);
    expect(quick.of('alert.raised')).toHaveLength(0);
    await quick.clock.advance(5_000);
    expect(quick.of('alert.raised')).toMatchObject([{ failures: 3 }]);
    const slow = startMonitor('-', { intervalMs: 60_000 });
    await slow.clock.settle();
    expect(slow.of('alert.raised')).toMatchObject([{ failures: 1 }]);
  });
});

describe('health$', () => {
  it('gives the present health, each change once and in order, then completes (INV-44)', async () => {
    const { clock, monitor, of } = startMonitor('++-~~+');
    const seen: string[] = [];
    monitor.health$.subscribe({ next: (health) => seen.push(health), complete: () => seen.push('complete') });
    await clock.advance(5_000);
    monitor.stop();
    await clock.settle();
    expect(seen).toEqual(['starting', 'healthy', 'unhealthy', 'degraded', 'healthy', 'stopped', 'complete']);
    expect(of('health.changed').map(({ to }) => to)).toEqual(seen.slice(0, -1));
    expect(of('health.changed').map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('stops at once for one that unsubscribes', async () => {
    const { clock, monitor } = startMonitor('+-');
    const seen: string[] = [];
    const subscription = monitor.health$.subscribe((health) => seen.push(health));
    await clock.settle();
    subscription.unsubscribe();
    await clock.advance(5_000);
    expect(seen).toEqual(['starting', 'healthy']);
  });
});
