import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { monitorDefaults } from '../../src/index.ts';
import { createTestSupervisor, startMonitor } from '../support/testSupervisor.ts';

describe("what kportal's checker was tested for", () => {
  it('RegisterAndUnregister: asked at once; afterwards unknown, and no command of it does anything (INV-40, INV-53)', async () => {
    const { keeper, clock, monitor } = startMonitor('+');
    await clock.settle();
    expect(monitor.health).toBe('healthy');
    monitor.stop();
    monitor.check();
    monitor.markConnected();
    await clock.settle();
    expect([keeper.monitorOf('api'), keeper.statuses()]).toEqual([undefined, []]);
  });

  it('StartingGracePeriod: starting at once, unhealthy when the grace is over (INV-43)', async () => {
    const { clock, monitor } = startMonitor('-', { startGraceMs: 10_000 });
    await clock.advance(9_999);
    expect(monitor.health).toBe('starting');
    await clock.advance(1_001);
    expect(monitor.health).toBe('unhealthy');
  });

  it('ConnectionAgeDetection: healthy first, then stale by age (INV-41)', async () => {
    const { clock, monitor } = startMonitor('+-', { maxAgeMs: 2_500 });
    await clock.settle();
    expect(monitor.health).toBe('healthy');
    await clock.advance(4_000);
    expect(monitor.health).toBe('stale');
  });

  it('IdleTimeDetection: healthy and never stale while checks pass (INV-42)', async () => {
    const { clock, monitor, of } = startMonitor('+', { intervalMs: 100, maxIdleMs: 150 });
    await clock.advance(10_000);
    expect([monitor.health, of('health.changed').map(({ to }) => to)]).toEqual(['healthy', ['starting', 'healthy']]);
  });

  it('MarkConnected: its age begins again, and it is asked at once', async () => {
    const { clock, monitor, probe } = startMonitor('-', { maxAgeMs: 2_500 });
    await clock.advance(2_500);
    const { asked } = probe;
    monitor.markConnected();
    await clock.settle();
    expect(probe.asked).toBe(asked + 1);
    await clock.advance(2_000);
    expect(monitor.health).toBe('unhealthy');
    await clock.advance(1_000);
    expect(monitor.health).toBe('stale');
  });

  it('RecordActivity: what was seen working is not idle, and one that was stale is asked again', async () => {
    const { clock, monitor, probe } = startMonitor('-', { maxIdleMs: 2_500 });
    await clock.advance(2_000);
    monitor.recordActivity();
    await clock.advance(2_000);
    expect(monitor.health).toBe('unhealthy');
    await clock.advance(2_000);
    const { asked } = probe;
    expect(monitor.health).toBe('stale');
    monitor.recordActivity();
    await clock.advance(1_000);
    expect([monitor.health, probe.asked > asked]).toEqual(['unhealthy', true]);
  });

  it('GetAllErrors: only what is down, each with its reason', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.monitor('live', scriptedProbe('+'));
    keeper.monitor('dead', scriptedProbe('-'));
    keeper.start();
    await clock.settle();
    const down = keeper.statuses().filter(({ health }) => health === 'unhealthy' || health === 'error');
    expect(down).toMatchObject([{ id: 'dead', detail: 'scripted failure' }]);
  });

  it('stale is told once for each episode, so that whoever connects again on it does so once, and again if it persists (INV-51)', async () => {
    const { clock, monitor, keeper } = startMonitor('-', { maxIdleMs: 2_500 });
    const reconnects: number[] = [];
    keeper.events$.subscribe((event) => {
      if (event.type !== 'health.changed' || event.to !== 'stale') return;
      reconnects.push(event.at);
      if (reconnects.length === 2) monitor.markConnected();
    });
    await clock.advance(60_000);
    expect(reconnects).toHaveLength(1);
    monitor.markConnected();
    await clock.advance(60_000);
    expect([reconnects.length, monitor.health]).toEqual([3, 'stale']);
  });

  it('DefaultOptions: a check every 10 s of at most 2 s; no grace, and no rule of age or idleness', () => {
    expect(monitorDefaults).toMatchObject({
      intervalMs: 10_000,
      timeoutMs: 2_000,
      startGraceMs: 0,
      maxAgeMs: 0,
      maxIdleMs: 0,
    });
  });

  it('CustomOptions: those of kportal, all of them', async () => {
    const kportal = {
      intervalMs: 3_000,
      timeoutMs: 2_000,
      startGraceMs: 10_000,
      maxAgeMs: 1_500_000,
      maxIdleMs: 600_000,
    };
    const { clock, monitor, probe } = startMonitor('?', kportal);
    await clock.advance(12_000);
    expect([probe.asked, monitor.status]).toMatchObject([
      3,
      { health: 'unhealthy', detail: 'no answer within 2000 ms' },
    ]);
  });

  it('MarkReconnecting: told once, however often it is said (INV-44)', async () => {
    const { clock, monitor, of } = startMonitor('+');
    await clock.settle();
    for (let call = 0; call < 3; call++) monitor.markReconnecting();
    await clock.settle();
    expect(of('health.changed').filter(({ to }) => to === 'reconnecting')).toHaveLength(1);
  });

  it('ConcurrentOperations: ten targets under every command come to rest (INV-53)', async () => {
    const { keeper, clock } = createTestSupervisor();
    keeper.start();
    const monitors = Array.from({ length: 10 }, (_, index) => keeper.monitor(`t${index}`, scriptedProbe('+')));
    for (const monitor of monitors) {
      monitor.markConnected();
      monitor.recordActivity();
      monitor.markReconnecting();
      monitor.check();
    }
    await clock.settle();
    expect(keeper.statuses().map(({ health }) => health)).toEqual(Array(10).fill('healthy'));
    for (const monitor of monitors) monitor.stop();
    await clock.settle();
    expect([keeper.statuses(), clock.pending]).toEqual([[], 0]);
  });
});

describe("what GoDoxy's monitor was tested for", () => {
  it.each([
    ['ImmediateNotifyAfterZero', '-', -1, 1, 0],
    ['WithNotifyAfterThreshold', '--', 2, 1, 0],
    ['ServiceRecoversBeforeThreshold', '--+', 3, 0, 0],
    ['ConsecutiveFailureReset', '-+--', 2, 1, 0],
    ['ImmediateUpNotificationAfterDown', '-+', 1, 1, 1],
  ])('%s: over %s with alertAfter %i, %i down and %i up (INV-58, INV-59)', async (_, script, alertAfter, down, up) => {
    const { clock, of } = startMonitor(script, { alertAfter });
    await clock.advance((script.length - 1) * 1_000);
    expect([of('alert.raised').length, of('alert.cleared').length]).toEqual([down, up]);
  });

  it('ContextCancellation: a stop leaves what was told as it was (INV-65)', async () => {
    const { clock, monitor, of } = startMonitor('-', { alertAfter: 1 });
    await clock.settle();
    monitor.stop();
    await clock.advance(10_000);
    expect([of('alert.raised').length, of('alert.cleared').length, monitor.health]).toEqual([1, 0, 'stopped']);
  });

  it('StartCancelsDuringJitterDelay: one check, and none after the stop (INV-61)', async () => {
    const { clock, monitor, probe } = startMonitor('+', { jitter: 1 });
    await clock.settle();
    monitor.stop();
    await clock.advance(10_000);
    expect([probe.asked, clock.pending]).toEqual([1, 0]);
  });
});
