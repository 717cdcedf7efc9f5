import { scriptedProbe } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { defineProbe, type Verdict } from '../src/index.ts';
import { createTestSupervisor } from './support/testSupervisor.ts';

/** A probe that ignores its signal: each of its runs ends when it is told to. */
function deafProbe() {
  const runs: ((verdict: Verdict) => void)[] = [];
  const counts = { underWay: 0, most: 0 };
  const probe = defineProbe('deaf', () => {
    counts.underWay += 1;
    counts.most = Math.max(counts.most, counts.underWay);
    return new Promise<Verdict>((resolve) => runs.push(resolve)).finally(() => {
      counts.underWay -= 1;
    });
  });
  return { probe, runs, counts, endAll: (verdict: Verdict) => runs.splice(0).forEach((end) => void end(verdict)) };
}

const everySecond = { intervalMs: 1_000, timeoutMs: 200, jitter: 0 };

/** Starts a supervisor that watches one target with a deaf probe. */
function startDeaf(options: object = {}) {
  const supervised = createTestSupervisor();
  const deaf = deafProbe();
  const monitor = supervised.keeper.monitor('api', deaf.probe, { ...everySecond, ...options });
  supervised.keeper.start();
  return { ...supervised, ...deaf, monitor };
}

describe('a probe that does not heed its signal', () => {
  it('is run no second time while a run lasts, and its monitor is in error with the reason (INV-46, INV-63)', async () => {
    const { keeper, clock, monitor, counts, of } = startDeaf({ alertAfter: 3 });
    await clock.advance(999);
    expect(monitor.status).toMatchObject({ health: 'unhealthy', detail: 'no answer within 200 ms' });
    await clock.advance(60_000);
    expect(counts).toEqual({ underWay: 1, most: 1 });
    expect(monitor.status).toMatchObject({
      health: 'error',
      detail: 'UnheededSignalError: the probe does not heed its signal',
      alerting: true,
    });
    expect(of('check.failed')[0]).toMatchObject({ id: 'api', cause: { code: 'UNHEEDED_SIGNAL' }, tookMs: 0 });
    expect(keeper.stats().lost.checksFailed).toBe(of('check.failed').length);
  });

  it('is asked again once its run has ended, and what that run answered is told to nobody', async () => {
    const { clock, monitor, counts, endAll, of } = startDeaf();
    await clock.advance(3_000);
    endAll({ status: 'pass' });
    await clock.settle();
    expect([monitor.health, of('verdict.judged').length]).toEqual(['error', 1]);
    await clock.advance(250);
    expect([counts.underWay, counts.most]).toEqual([1, 1]);
    endAll({ status: 'pass' });
    await clock.settle();
    expect(monitor.health).toBe('healthy');
  });

  it.each(['check', 'pause and resume', 'update', 'markConnected'] as const)(
    'is run no second time by %s either (INV-46)',
    async (command) => {
      const { clock, monitor, counts } = startDeaf();
      await clock.advance(100);
      for (let turn = 0; turn < 20; turn += 1) {
        if (command === 'check') monitor.check();
        else if (command === 'update') monitor.update({ timeoutMs: 100 + turn });
        else if (command === 'markConnected') monitor.markConnected();
        else {
          monitor.pause();
          monitor.resume();
        }
        await clock.advance(50);
      }
      expect(counts.most).toBe(1);
    },
  );

  it('gets as long again as a check may take to end, before it is held against it', async () => {
    const { clock, monitor, runs, endAll, of } = startDeaf();
    await clock.advance(100);
    monitor.check();
    await clock.advance(299);
    endAll({ status: 'pass' });
    await clock.settle();
    expect([of('check.failed').length, runs.length]).toEqual([0, 1]);
  });

  it('does not hold up another one that takes its place', async () => {
    const { clock, monitor, counts } = startDeaf();
    await clock.advance(5_000);
    monitor.update({ probe: scriptedProbe('+') });
    await clock.settle();
    expect([monitor.health, counts.underWay]).toEqual(['healthy', 1]);
  });

  it('keeps no permit to check from others', async () => {
    const { keeper, clock } = createTestSupervisor({ maxChecks: 1 });
    const deaf = deafProbe();
    keeper.monitor('deaf', deaf.probe, everySecond);
    const other = keeper.monitor('other', scriptedProbe('+'), everySecond);
    keeper.start();
    await clock.advance(30_000);
    expect(other.health).toBe('healthy');
    expect(Number(other.status.checkedAt)).toBeGreaterThan(clock.now() - 2_000);
  });
});
