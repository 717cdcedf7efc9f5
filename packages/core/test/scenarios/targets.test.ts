import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { keep, watch } from '../watch.ts';

describe("what kportal's checker was tested for", () => {
  it('RegisterAndUnregister: asked at once; afterwards unknown, and no command of it does anything (INV-40, INV-53)', async () => {
    const { keeper, clock, monitor } = watch('+');
    await clock.settle();
    expect(monitor.health).toBe('healthy');
    monitor.stop();
    monitor.check();
    monitor.markConnected();
    await clock.settle();
    expect([keeper.monitorOf('api'), keeper.statuses()]).toEqual([undefined, []]);
  });

  it('StartingGracePeriod: starting at once, unhealthy when the grace is over (INV-43)', async () => {
    const { clock, monitor } = watch('-', { startGraceMs: 10_000 });
    await clock.advance(9_999);
    expect(monitor.health).toBe('starting');
    await clock.advance(1_001);
    expect(monitor.health).toBe('unhealthy');
  });

  it('ConnectionAgeDetection: healthy first, then stale by age (INV-41)', async () => {
    const { clock, monitor } = watch('+-', { maxAgeMs: 2_500 });
    await clock.settle();
    expect(monitor.health).toBe('healthy');
    await clock.advance(4_000);
    expect(monitor.health).toBe('stale');
  });

  it('MarkReconnecting: told once, however often it is said (INV-44)', async () => {
    const { clock, monitor, of } = watch('+');
    await clock.settle();
    for (let call = 0; call < 3; call++) monitor.markReconnecting();
    await clock.settle();
    expect(of('health.changed').filter(({ to }) => to === 'reconnecting')).toHaveLength(1);
  });

  it('ConcurrentOperations: ten targets under every command come to rest (INV-53)', async () => {
    const { keeper, clock } = keep();
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
    const { clock, of } = watch(script, { alertAfter });
    await clock.advance((script.length - 1) * 1_000);
    expect([of('alert.raised').length, of('alert.cleared').length]).toEqual([down, up]);
  });

  it('ContextCancellation: a stop leaves what was told as it was (INV-65)', async () => {
    const { clock, monitor, of } = watch('-', { alertAfter: 1 });
    await clock.settle();
    monitor.stop();
    await clock.advance(10_000);
    expect([of('alert.raised').length, of('alert.cleared').length, monitor.health]).toEqual([1, 0, 'stopped']);
  });

  it('StartCancelsDuringJitterDelay: one check, and none after the stop (INV-61)', async () => {
    const { clock, monitor, probe } = watch('+', { jitter: 1 });
    await clock.settle();
    monitor.stop();
    await clock.advance(10_000);
    expect([probe.asked, clock.pending]).toEqual([1, 0]);
  });
});
