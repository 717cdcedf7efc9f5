/** Names and values of a sample's labels. */
export type Labels = Readonly<Record<string, string>>;

/** One number of a family. */
export interface NumberSample {
  readonly labels: Labels;
  readonly value: number;
}

/** The state that holds, of a family's states. */
export interface StateSample {
  readonly labels: Labels;
  readonly state: string;
}

/** Counts of values by upper bound. */
export interface HistogramSample {
  readonly labels: Labels;
  /** Bounds, ascending, in the family's unit, each with how many values were no greater; the last bound is infinite. */
  readonly buckets: readonly (readonly [bound: number, count: number])[];
  readonly sum: number;
  readonly count: number;
}

/** Name and help of a metric. */
export interface MetricDescription {
  /** Without the suffix that a format asks for: `watchkeeper_checks`, not `watchkeeper_checks_total`. */
  readonly name: string;
  readonly help: string;
  /** Ends the name where it is given. */
  readonly unit?: 'seconds';
}

/** A metric with all its samples at one moment, before any format. Plain and serialisable. */
export type MetricFamily =
  | (MetricDescription & { readonly kind: 'counter' | 'gauge'; readonly samples: readonly NumberSample[] })
  | (MetricDescription & { readonly kind: 'info'; readonly samples: readonly { readonly labels: Labels }[] })
  | (MetricDescription & {
      readonly kind: 'stateset';
      readonly states: readonly string[];
      readonly samples: readonly StateSample[];
    })
  | (MetricDescription & { readonly kind: 'histogram'; readonly samples: readonly HistogramSample[] });

/** Makes a counter without labels. */
export function counterOf(name: string, help: string, value: number): MetricFamily {
  return { kind: 'counter', name, help, samples: [{ labels: {}, value }] };
}

/** Makes a gauge without labels. */
export function gaugeOf(name: string, help: string, value: number): MetricFamily {
  return { kind: 'gauge', name, help, samples: [{ labels: {}, value }] };
}

/** Makes a family with one sample for each entry of `counts`, the entry's name in `label`. */
export function countedBy(
  kind: 'counter' | 'gauge',
  name: string,
  help: string,
  label: string,
  counts: Iterable<readonly [string, number]>,
): MetricFamily {
  return { kind, name, help, samples: Array.from(counts, ([of, value]) => ({ labels: { [label]: of }, value })) };
}
/** Makes a histogram of durations. */
export function histogramInSeconds(name: string, help: string, samples: readonly HistogramSample[]): MetricFamily {
  return { kind: 'histogram', name, unit: 'seconds', help, samples };
}
