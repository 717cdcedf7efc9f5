import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GoawaySchedule, spreadMsOf } from '../src/drain/goawaySchedule.ts';
import { drainDefaults } from '../src/index.ts';

describe('a goaway schedule', () => {
  it('gives each client one turn, in order, no sooner than its share of the time and no later than all of it', () => {
    const history = fc.record({
      clients: fc.nat(50),
      spreadMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
      draws: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1 }),
      lateMs: fc.array(fc.nat(500), { minLength: 1 }),
    });
    fc.assert(
      fc.property(history, ({ clients, spreadMs, draws, lateMs }) => {
        let draw = 0;
        const schedule = new GoawaySchedule<number>(() => draws[draw++ % draws.length] ?? 0);
        const all = Array.from({ length: clients }, (_, index) => index);
        schedule.begin(all, 1_000, spreadMs);
        const told: number[] = [];
        let ms = 0;
        for (let wake = 0; !schedule.isOver; wake++) {
          const now = schedule.take(1_000 + ms);
          for (const client of now) expect((client * spreadMs) / clients).toBeLessThanOrEqual(ms + 1e-6);
          told.push(...now);
          expect(ms).toBeLessThanOrEqual(spreadMs + 500);
          ms += schedule.waitMs + (lateMs[wake % lateMs.length] ?? 0);
          schedule.advance();
        }
        expect(told).toEqual(all);
      }),
    );
  });

  it('goes on when the clock is set back, and catches up when it is set on', () => {
    const schedule = new GoawaySchedule<string>(() => 0.5);
    schedule.begin(['a', 'b', 'c', 'd'], 10_000, 4_000);
    expect([schedule.take(10_000), schedule.waitMs]).toEqual([[], 500]);
    schedule.advance();
    expect([schedule.take(3_000), schedule.waitMs]).toEqual([['a'], 1_000]);
    expect([schedule.take(13_000), schedule.isOver]).toEqual([['b', 'c'], false]);
    schedule.advance();
    expect([schedule.take(0), schedule.isOver]).toEqual([['d'], true]);
  });

  it('goes on when its source of random numbers throws', () => {
    const schedule = new GoawaySchedule<string>(() => {
      throw new Error('no chance');
    });
    schedule.begin(['a'], 0, 1_000);
    expect(schedule.waitMs).toBe(500);
  });
});

describe('the time of a spread', () => {
  const drain = { ...drainDefaults, noticeMs: 1_000, graceMs: 4_000, deadlineMs: 10_000, goawaysPerSecond: 10 };

  it.each([
    [20, 0, 2_000],
    [1_000, 0, 4_990],
    [1_000, 3_000, 2_990],
    [1_000, 9_000, 0],
    [1_000, -60_000, 4_990],
    [0, 0, 0],
  ])('of %i clients after %i ms is %i ms', (clients, passedMs, spreadMs) => {
    expect(spreadMsOf(drain, clients, passedMs)).toBe(spreadMs);
    expect(spreadMsOf({ ...drain, goawaysPerSecond: 0 }, clients, passedMs)).toBe(0);
  });
});
