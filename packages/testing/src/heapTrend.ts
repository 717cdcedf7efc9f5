import { type Rule, requireOption } from '@watchkeeper/core/options';

/** Trend of a heap over a soak; all figures in bytes. */
export interface HeapTrend {
  /** The median of the second quarter, when caches are full. */
  readonly earlyBytes: number;
  /** The median of the last quarter. */
  readonly lateBytes: number;
  /** Whether the later one is not larger by more than the noise of a collector: 1 MiB, or a twentieth if that is more. */
  readonly isFlat: boolean;
}

const fewestLooks = 8;
const looksRule: Rule<readonly number[]> = {
  is: `an array of at least ${fewestLooks} looks`,
  accepts: (value): value is readonly number[] =>
    Array.isArray(value) && value.length >= fewestLooks && value.every((bytes) => Number.isFinite(bytes)),
};
const noiseBytes = 2 ** 20;
const noiseShare = 0.05;

/**
 * Judges whether a program leaks, from looks at its heap that are spread evenly over its life.
 *
 * Collect before each look (`node --expose-gc`), or what is not collected yet looks like a leak.
 *
 * @param heapBytes the bytes in use at each look, the first first; at least 8.
 * @throws `InvalidOptionError` for fewer looks than that.
 * @example
 * ```ts
 * import { heapTrend, simulate } from '@watchkeeper/testing';
 *
 * const heaps: number[] = [];
 * const hourMs = 3_600_000;
 * await simulate({
 *   steps: Number.MAX_SAFE_INTEGER,
 *   minLifeMs: hourMs,
 *   onStep: ({ virtualMs }) => {
 *     if (virtualMs >= (heaps.length * hourMs) / 60) {
 *       globalThis.gc?.();
 *       heaps.push(process.memoryUsage().heapUsed);
 *     }
 *     return virtualMs < hourMs;
 *   },
 * });
 * if (!heapTrend(heaps).isFlat) throw new Error('it leaks');
 * ```
 */
export function heapTrend(heapBytes: readonly number[]): HeapTrend {
  requireOption('heapTrend.heapBytes', looksRule, heapBytes);
  const { length } = heapBytes;
  const quarter = Math.floor(length / 4);
  const earlyBytes = median(heapBytes.slice(quarter, 2 * quarter));
  const lateBytes = median(heapBytes.slice(-quarter));
  return { earlyBytes, lateBytes, isFlat: lateBytes - earlyBytes <= Math.max(noiseBytes, earlyBytes * noiseShare) };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
