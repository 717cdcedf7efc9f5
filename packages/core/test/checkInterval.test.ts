import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Health, healths, monitorDefaults } from '../src/index.ts';
import { intervalAt, type Pace, paceOf } from '../src/monitor/checkInterval.ts';
import { noStreaks, type Outcome, streaksAfterCheck } from '../src/monitor/streaks.ts';
import { startMonitor } from './support/testSupervisor.ts';

describe('the next interval of checks', () => {
  it('is that of the health a monitor comes to, and fast exactly while it is undecided', () => {
    const threshold = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Outcome>('pass', 'warn', 'fail'), { minLength: 1 }),
        fc.record({ failureThreshold: threshold, successThreshold: threshold }),
        (outcomes, given) => {
          const thresholds = { ...monitorDefaults, ...given };
          let health: Health = 'starting';
          let streaks = noStreaks;
          for (const outcome of outcomes) {
            streaks = streaksAfterCheck(streaks, outcome);
            const pace = paceOf({ health, streaks, excused: false }, thresholds);
            if (streaks.failures >= given.failureThreshold) health = 'unhealthy';
            if (streaks.passes >= given.successThreshold) health = outcome === 'warn' ? 'degraded' : 'healthy';
            const undecided: Record<string, boolean> = {
              starting: true,
              healthy: streaks.failures > 0,
              degraded: streaks.failures > 0,
              unhealthy: streaks.passes > 0,
            };
            const settled: Pace = health === 'unhealthy' ? 'down' : 'steady';
            expect(pace).toBe(undecided[health] ? 'edge' : settled);
          }
        },
      ),
    );
  });

  it('is that of errors for as long as the check breaks, and that of an edge within the start grace', () => {
    fc.assert(
      fc.property(fc.constantFrom(...healths), fc.nat(9), fc.boolean(), (health, errors, excused) => {
        const streaks = { passes: 0, failures: errors, errors };
        const pace = paceOf({ health, streaks, excused }, monitorDefaults);
        expect(pace === 'error').toBe(errors >= monitorDefaults.errorThreshold);
        if (excused && pace !== 'error') expect(pace).toBe('edge');
      }),
    );
  });

  it('without an interval of its own has the steady one', () => {
    const intervals = { intervalMs: 10, edgeIntervalMs: 0, downIntervalMs: 0, errorIntervalMs: 30 };
    const all = (given: Partial<typeof intervals>) =>
      (['steady', 'edge', 'down', 'error'] as const).map((pace) => intervalAt(pace, { ...intervals, ...given }));
    expect(all({})).toEqual([10, 10, 10, 30]);
    expect(all({ edgeIntervalMs: 2, downIntervalMs: 50 })).toEqual([10, 2, 50, 30]);
  });
});

describe('a monitor with an interval for each state', () => {
  const paced = { edgeIntervalMs: 100, downIntervalMs: 5_000, failureThreshold: 3, successThreshold: 2 };

  it('asks fast until the first judgement, while failures and passes are counted, and slowly while down (HAProxy fastinter, downinter)', async () => {
    const { clock, monitor, probe } = startMonitor('++---+-++', { ...paced, startThreshold: 2 });
    const asked: number[] = [];
    const begin = clock.now();
    for (let ms = 0; ms < 20_000; ms += 100) {
      await clock.advance(asked.length === 0 && ms === 0 ? 0 : 100);
      while (asked.length < probe.asked) asked.push(clock.now() - begin);
    }
    //                       +  +    -      -      -      +      -      +       +       +
    expect(asked.slice(0, 10)).toEqual([0, 100, 1_100, 1_200, 1_300, 6_300, 6_400, 11_400, 11_500, 12_500]);
    expect(monitor.health).toBe('healthy');
  });

  it('asks fast while failures are excused, and in error at the pace of errors', async () => {
    const excused = startMonitor('-', { ...paced, failureThreshold: 1, startGraceMs: 1_000 });
    await excused.clock.advance(900);
    expect([excused.monitor.health, excused.probe.asked]).toEqual(['starting', 10]);
    const broken = startMonitor('!', { ...paced, errorThreshold: 2, errorIntervalMs: 30_000 });
    await broken.clock.advance(30_099);
    expect([broken.monitor.health, broken.probe.asked]).toEqual(['error', 2]);
    await broken.clock.advance(1);
    expect(broken.probe.asked).toBe(3);
  });
});
