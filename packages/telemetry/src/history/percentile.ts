/** Mean and percentiles of latencies. */
export interface LatencySummary {
  /** The number of latencies. */
  readonly samples: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * Returns the value that a share of the values does not exceed, by the nearest rank.
 *
 * @param ascending at least one value.
 */
export function percentile(ascending: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * ascending.length));
  return ascending[rank - 1] ?? Number.NaN;
}

/** Returns the summary of latencies; undefined where there are none. */
export function summarizeLatencies(latenciesMs: readonly number[]): LatencySummary | undefined {
  if (latenciesMs.length === 0) return undefined;
  const ascending = latenciesMs.toSorted((one, other) => one - other);
  return {
    samples: ascending.length,
    meanMs: ascending.reduce((sum, each) => sum + each, 0) / ascending.length,
    p50Ms: percentile(ascending, 0.5),
    p90Ms: percentile(ascending, 0.9),
    p99Ms: percentile(ascending, 0.99),
    maxMs: percentile(ascending, 1),
  };
}
