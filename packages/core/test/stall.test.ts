import { describe, expect, it } from 'vitest';
import { startMonitor } from './support/testSupervisor.ts';

describe('a timeout noticed late', () => {
  it.each([
    [250, 'unhealthy', 0],
    [251, 'healthy', 1],
    [60_000, 'healthy', 1],
  ])(
    'by %i ms, with the default tolerance, leaves the target %s: %i checks are discarded',
    async (lateMs, health, discarded) => {
      const { keeper, clock, monitor, of } = startMonitor('+?');
      await clock.advance(1_000);
      clock.freeze(500 + lateMs);
      await clock.advance(0);
      expect(monitor.health).toBe(health);
      expect(of('verdict.discarded')).toMatchObject(
        discarded === 0 ? [] : [{ id: 'api', reason: 'stall', lateMs, epoch: 1 }],
      );
      expect(keeper.stats().lost.verdictsDiscarded).toBe(discarded);
    },
  );

  it('counts neither for nor against the target, aborts its check, and is followed by another (INV-12, INV-49)', async () => {
    const { clock, monitor, probe, of } = startMonitor('---?-', {
      failureThreshold: 4,
      alertAfter: 4,
      stallToleranceMs: 100,
    });
    await clock.advance(3_000);
    const before = monitor.status;
    clock.freeze(700);
    await clock.advance(0);
    expect(monitor.status).toEqual(before);
    expect([probe.running, probe.aborted, probe.asked]).toEqual([0, 1, 4]);
    expect(of('alert.raised')).toEqual([]);
    await clock.advance(1_000);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', failures: 4, alerting: true });
  });

  it('judges a target as down that does not answer once the program runs again', async () => {
    const { clock, monitor } = startMonitor('+?');
    await clock.advance(1_000);
    clock.freeze(5_000);
    await clock.advance(1_499);
    expect(monitor.health).toBe('healthy');
    await clock.advance(1);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', detail: 'no answer within 500 ms' });
  });

  it('makes the check again at once when one is owed', async () => {
    const { clock, monitor, probe } = startMonitor('+?+');
    await clock.advance(1_000);
    monitor.check();
    clock.freeze(5_000);
    await clock.advance(0);
    expect([monitor.health, probe.asked]).toEqual(['healthy', 3]);
  });
});
