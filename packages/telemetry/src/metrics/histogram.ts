import type { HistogramSample, Labels } from './metricFamily.ts';

/** Counts of values by fixed bounds. Values and bounds are milliseconds, samples are seconds. */
export class Histogram {
  readonly #boundsMs: readonly number[];
  readonly #counts: number[];
  #sumMs = 0;
  #count = 0;

  /** @param boundsMs ascending. */
  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
    this.#counts = boundsMs.map(() => 0);
  }

  observe(valueMs: number): void {
    this.#sumMs += valueMs;
    this.#count += 1;
    const index = this.#boundsMs.findIndex((boundMs) => valueMs <= boundMs);
    if (index !== -1) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  sample(labels: Labels = {}): HistogramSample {
    let upTo = 0;
    const buckets = this.#boundsMs.map((boundMs, index) => {
      upTo += this.#counts[index] ?? 0;
      return [boundMs / 1_000, upTo] as const;
    });
    return {
      labels,
      buckets: [...buckets, [Number.POSITIVE_INFINITY, this.#count]],
      sum: this.#sumMs / 1_000,
      count: this.#count,
    };
  }
}
