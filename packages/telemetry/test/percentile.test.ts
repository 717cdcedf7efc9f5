import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, summarizeLatencies } from '../src/history/percentile.ts';

const latencies = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });

describe('a percentile', () => {
  it('is the least value that at least so many of all values do not exceed', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const ascending = values.toSorted((one, other) => one - other);
        const found = percentile(ascending, share);
        expect(values).toContain(found);
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length - 1e-9);
        expect(values.filter((value) => value < found).length).toBeLessThan(share * values.length + 1e-9);
      }),
    );
  });

  it('of 1 to 100 is the number itself', () => {
    const summary = summarizeLatencies(Array.from({ length: 100 }, (_, index) => 100 - index));
    expect(summary).toEqual({ samples: 100, meanMs: 50.5, p50Ms: 50, p90Ms: 90, p99Ms: 99, maxMs: 100 });
  });

  it('has no summary without values', () => {
    expect(summarizeLatencies([])).toBeUndefined();
  });
});
