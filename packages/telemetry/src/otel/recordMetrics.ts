import { type Meter, metrics } from '@opentelemetry/api';
import { count, eventSource, objectWith, type Rules, requireOption, resolveOptions } from '@watchkeeper/core/options';
import type { MeasuredSupervisor } from '../metrics/createMetrics.ts';
import { recordDurations } from './durationHistograms.ts';
import { observeLosses, observeMonitors, observeSupervisor } from './supervisorInstruments.ts';

/** Options of {@link recordMetrics}. Every option may be left out. */
export interface MeasureOptions {
  /**
   * Where instruments are made.
   * @default the global provider's meter `@watchkeeper/telemetry`
   */
  readonly meter?: Meter;
  /**
   * How many monitors have series of their own, the oldest first; `watchkeeper.monitors.left_out` counts the others.
   * @default 1000
   */
  readonly maxMonitors?: number;
}

/** Defaults of {@link MeasureOptions}. */
export const measureDefaults = { maxMonitors: 1_000 } as const satisfies Required<Omit<MeasureOptions, 'meter'>>;

const measureRules: Rules<MeasureOptions> = {
  meter: objectWith<Meter>(
    'createHistogram',
    'createCounter',
    'createObservableCounter',
    'createObservableUpDownCounter',
  ),
  maxMonitors: count,
};

/** OpenTelemetry metrics of a supervisor, until closed. */
export interface SupervisorMeasures extends Disposable {
  /** Stops recording. */
  close(): void;
}

/**
 * Records the metrics of a supervisor with OpenTelemetry: figures on collection, durations as they happen.
 *
 * A health is an up-down counter of one series a state, 1 for the present one, as OpenTelemetry's conventions ask of a
 * status. Every count of loss is `watchkeeper.lost`, by `watchkeeper.loss`.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { recordMetrics, recordSpans } from '@watchkeeper/telemetry/opentelemetry';
 *
 * const keeper = createSupervisor({ name: 'orders' });
 * recordMetrics(keeper);
 * recordSpans(keeper);
 * ```
 */
export function recordMetrics(supervisor: MeasuredSupervisor, given?: MeasureOptions): SupervisorMeasures {
  requireOption('measure.supervisor', eventSource<MeasuredSupervisor>('statuses', 'stats'), supervisor);
  const defaults = { ...measureDefaults, meter: metrics.getMeter('@watchkeeper/telemetry') };
  const { meter, maxMonitors } = resolveOptions<Required<MeasureOptions>>('measure', measureRules, defaults, given);
  const durations = recordDurations(supervisor, meter);
  const stopObserving = [
    ...observeSupervisor(supervisor, meter),
    ...observeLosses(supervisor, meter),
    ...observeMonitors(supervisor, meter, maxMonitors),
  ];
  const close = () => {
    durations.unsubscribe();
    for (const stop of stopObserving) stop();
  };
  return { close, [Symbol.dispose]: close };
}
