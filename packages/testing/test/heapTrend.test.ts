import { describe, expect, it } from 'vitest';
import { heapTrend } from '../src/index.ts';

const megabyte = 2 ** 20;

describe('the trend of a heap', () => {
  it.each([
    ['steady', () => 20 * megabyte, true],
    ['noisy', (look: number) => (20 + (look % 2)) * megabyte, true],
    ['large only once caches are full', (look: number) => (look < 10 ? 5 : 20) * megabyte, true],
    ['growing a little at each look', (look: number) => (20 + look / 12) * megabyte, false],
    ['growing late', (look: number) => (look < 40 ? 20 : 25) * megabyte, false],
  ])('tells whether a heap that is %s leaks', (_, heapAt, isFlat) => {
    expect(heapTrend(Array.from({ length: 60 }, (__, look) => heapAt(look))).isFlat).toBe(isFlat);
  });

  it('gives medians in bytes, and refuses fewer than eight looks', () => {
    expect(heapTrend([9, 9, 1, 2, 3, 4, 5, 6])).toEqual({ earlyBytes: 2, lateBytes: 6, isFlat: true });
    expect(() => heapTrend([1, 2, 3])).toThrow('heapTrend.heapBytes');
  });
});
