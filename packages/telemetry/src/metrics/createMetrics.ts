import type { Supervisor } from '@watchkeeper/core';
import { eventSource, requireOption } from '@watchkeeper/core/options';
import { EventCounters } from './eventCounters.ts';
import { EventLoopDelay } from './eventLoopDelay.ts';
import { lawFamily } from './lawFamily.ts';
import type { MetricFamily } from './metricFamily.ts';
import { type MetricsOptions, resolveMetricsOptions } from './metricsOptions.ts';
import { monitorFamilies } from './monitorFamilies.ts';
import { supervisorFamilies } from './supervisorFamilies.ts';
import { uptimeFamilies } from './uptimeFamilies.ts';

/** The part of a supervisor that is measured. */
export type MeasuredSupervisor = Pick<Supervisor, 'name' | 'events$' | 'stats' | 'stalenessMs' | 'statuses'>;

/** Metrics of one supervisor. */
export interface Metrics extends Disposable {
  /** Returns every metric as it is now. */
  families(): readonly MetricFamily[];
  /** Stops listening and measuring. What was counted stays readable. */
  close(): void;
}

/**
 * Counts and measures what a supervisor does, from now on until it ends or {@link Metrics.close} is called.
 *
 * Labels are ids of monitors, which `maxMonitors` limits, and words from closed lists; keys of clients never.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { createMetrics, metricsRoute } from '@watchkeeper/telemetry';
 *
 * const keeper = createSupervisor({ name: 'orders' });
 * createServer(metricsRoute(createMetrics(keeper))).listen(9100);
 * ```
 */
export function createMetrics(supervisor: MeasuredSupervisor, given?: MetricsOptions): Metrics {
  requireOption('metrics.supervisor', eventSource<MeasuredSupervisor>('statuses', 'stats'), supervisor);
  const { maxMonitors, bucketsMs, eventLoopSampleMs, history, laws, timers } = resolveMetricsOptions(given);
  const counters = new EventCounters(bucketsMs);
  const delay = new EventLoopDelay(timers, eventLoopSampleMs, bucketsMs);
  const subscription = supervisor.events$.subscribe({
    next: (event) => counters.count(event),
    complete: () => delay.close(),
  });
  const close = () => {
    subscription.unsubscribe();
    delay.close();
  };
  return {
    families() {
      const statuses = supervisor.statuses();
      return [
        ...supervisorFamilies(supervisor.name, supervisor.stats(), supervisor.stalenessMs()),
        ...monitorFamilies(statuses, counters, maxMonitors),
        ...(history === undefined ? [] : uptimeFamilies(statuses.slice(0, maxMonitors), history)),
        ...(laws === undefined ? [] : [lawFamily(laws)]),
        ...counters.families(),
        ...delay.families(),
      ];
    },
    close,
    [Symbol.dispose]: close,
  };
}
