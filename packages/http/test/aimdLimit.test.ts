import { describe, expect, it } from 'vitest';
import { loadLimiterDefaults } from '../src/index.ts';
import { nextLimit } from '../src/load/aimdLimit.ts';

const policy = { ...loadLimiterDefaults, minLimit: 4, maxLimit: 1_000, increase: 10, decrease: 0.8, maxDelayMs: 50 };
const late = { delayMs: 51, utilisation: 1 };
const inTime = { delayMs: 50, utilisation: 0.5 };
const busy = { delayMs: 50, utilisation: 0.99 };

describe('the limit of requests in flight', () => {
  it.each<[string, number, typeof late, { peak: number; windows: number }, number]>([
    ['comes down from what was in flight when the loop is late', 1_000, late, { peak: 200, windows: 1 }, 160],
    ['comes down from itself when more than it got in before', 100, late, { peak: 200, windows: 1 }, 80],
    ['comes down once however long the window was', 100, late, { peak: 100, windows: 40 }, 80],
    ['does not come down below the fewest', 5, late, { peak: 0, windows: 1 }, 4],
    ['stays while the loop is all busy and in time', 100, busy, { peak: 100, windows: 1 }, 100],
    ['grows while the loop is in time', 100, inTime, { peak: 100, windows: 1 }, 110],
    ['grows for each window that nobody looked at', 100, inTime, { peak: 0, windows: 7 }, 170],
    ['does not grow above the most', 995, inTime, { peak: 100, windows: 1 }, 1_000],
  ])('%s', (_, limit, sample, window, next) => {
    expect(nextLimit(limit, sample, window, policy)).toBe(next);
  });
});

/** A program of one thread: each request takes 2 ms of it, and a turn of its loop serves all that came before. */
function serve({ limited, turns }: { limited: boolean; turns: number }) {
  const costMs = 2;
  const perMs = 1.5; // three times what it can serve
  let limit = policy.maxLimit;
  let queued = 0;
  let served = 0;
  let nowMs = 0;
  let longestMs = 0;
  let lateMs = 0;
  let looked = 0;
  let [peak, sinceLook, turnsSince] = [0, 0, 0];
  for (let turn = 0; turn < turns; turn++) {
    const turnMs = Math.max(1, queued * costMs);
    served += queued;
    nowMs += turnMs;
    longestMs = turn > turns / 2 ? Math.max(longestMs, turnMs) : 0;
    queued = Math.min(Math.round(turnMs * perMs), limited ? limit : Number.POSITIVE_INFINITY);
    peak = Math.max(peak, queued);
    lateMs += turnMs;
    sinceLook += turnMs;
    turnsSince += 1;
    if (sinceLook < 250) continue;
    limit = nextLimit(
      limit,
      { delayMs: lateMs / turnsSince, utilisation: 1 },
      { peak, windows: 1 },
      { ...policy, maxUtilisation: 1 },
    );
    [peak, sinceLook, turnsSince, lateMs] = [0, 0, 0, 0];
    looked += 1;
  }
  return { longestMs, served, nowMs, looked, costMs };
}

describe('a program that is asked three times what it can serve', () => {
  it('keeps its turns short with the limit, and without it they grow without end', () => {
    const limited = serve({ limited: true, turns: 2_000 });
    expect(limited.longestMs).toBeLessThan(2 * policy.maxDelayMs);
    expect(serve({ limited: false, turns: 20 }).longestMs).toBeGreaterThan(100 * policy.maxDelayMs);
  });

  it('still serves about as much as it can', () => {
    const { served, nowMs, costMs, looked } = serve({ limited: true, turns: 2_000 });
    expect(looked).toBeGreaterThan(100);
    expect(served).toBeGreaterThan(0.95 * (nowMs / costMs));
  });
});
