import { describe, expect, it } from 'vitest';
import { createSupervisor, defineProbe, type SupervisorEvent, type Verdict } from '../src/index.ts';
import { createTestSupervisor, startMonitor } from './support/testSupervisor.ts';

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

/** Holds the event loop. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Runs one check of a probe on the system's clock, and returns what became of it. */
async function checkOnce(answer: () => Verdict, stallToleranceMs: number) {
  await using keeper = createSupervisor({ monitor: { stallToleranceMs, intervalMs: 3_600_000, timeoutMs: 3_600_000 } });
  const ended = new Promise<SupervisorEvent>((resolve) => {
    keeper.events$.subscribe((event) => {
      if (event.type === 'verdict.judged' || event.type === 'verdict.discarded') resolve(event);
    });
  });
  const probe = defineProbe('held', async () => {
    await undefined;
    return answer();
  });
  keeper.monitor('api', probe);
  keeper.start();
  return await ended;
}

describe('a check within which the program stood still, on the real clock', () => {
  const slow = (): Verdict => {
    hold(300);
    return { status: 'warn', byTime: true, latencyMs: 300, detail: 'slow' };
  };

  it('is discarded where time alone made its verdict', async () => {
    const event = await checkOnce(slow, 100);
    expect(event).toMatchObject({ type: 'verdict.discarded', reason: 'stall' });
    expect((event as { lateMs: number }).lateMs).toBeGreaterThan(100);
    expect(event).not.toHaveProperty('cause');
  });

  it('is judged by anything else, and its latency is charged to nobody', async () => {
    const event = await checkOnce(() => {
      hold(300);
      return { status: 'fail', latencyMs: 300, detail: '503' };
    }, 100);
    expect(event).toMatchObject({ type: 'verdict.judged', verdict: { status: 'fail', detail: '503' } });
    expect((event as { verdict: Verdict }).verdict).not.toHaveProperty('latencyMs');
  });

  it('is judged where the tolerance is not reached', async () => {
    expect(await checkOnce(slow, 3_600_000)).toMatchObject({
      type: 'verdict.judged',
      verdict: { status: 'warn', byTime: true, latencyMs: 300 },
    });
  });
});

describe('a check that began late', () => {
  it('is discarded where time alone made its verdict: what came meanwhile has not been read', async () => {
    const { keeper, clock, of } = createTestSupervisor();
    let silentSince = clock.now();
    const beats = defineProbe('beats', async () =>
      clock.now() - silentSince > 2_000 ? { status: 'fail', byTime: true, detail: 'no beat' } : { status: 'pass' },
    );
    const monitor = keeper.monitor('job', beats, { intervalMs: 1_000, jitter: 0 });
    keeper.start();
    await clock.advance(500);
    clock.freeze(5_000);
    await clock.advance(0);
    expect(of('verdict.discarded')).toMatchObject([{ reason: 'stall', lateMs: expect.any(Number) }]);
    expect(monitor.health).toBe('healthy');
    await clock.advance(1_000);
    expect(monitor.health).toBe('unhealthy');
    silentSince = clock.now();
    await clock.advance(1_000);
    expect(monitor.health).toBe('healthy');
  });
});
