import type { Clock } from '@watchkeeper/core';
import { clockRule } from '@watchkeeper/core/adapters';
import {
  count,
  durationMs,
  objectWith,
  optional,
  type Rule,
  type Rules,
  resolveOptions,
} from '@watchkeeper/core/options';
import type { History } from '../history/history.ts';
import type { LawWatch } from '../laws/watchLaws.ts';
import { unrefTimers } from '../unrefTimers.ts';

/** Options of {@link createMetrics}. Every option may be left out. */
export interface MetricsOptions {
  /**
   * How many monitors have series of their own, the oldest first. The metric `watchkeeper_monitors_left_out` counts the
   * others; they are in all figures of the whole.
   * @default 1000
   */
  readonly maxMonitors?: number;
  /**
   * Upper bounds of the histograms, in milliseconds, ascending.
   * @default [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000]
   */
  readonly bucketsMs?: readonly number[];
  /**
   * How often the delay of the event loop is measured, in milliseconds. 0 measures nothing.
   * @default 50
   */
  readonly eventLoopSampleMs?: number;
  /**
   * The source of uptime, as {@link keepHistory} returns it.
   * @default no uptime is told
   */
  readonly history?: Pick<History, 'uptime' | 'leftOut'> | undefined;
  /**
   * The laws whose violations are counted by law, as {@link watchLaws} returns them.
   * @default they are counted together
   */
  readonly laws?: Pick<LawWatch, 'violations'> | undefined;
  /**
   * The timers whose delay is measured.
   * @default the process's own, which do not keep it alive
   */
  readonly timers?: Clock;
}

/** Defaults of {@link MetricsOptions}. */
export const metricsDefaults = {
  maxMonitors: 1_000,
  bucketsMs: [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
  eventLoopSampleMs: 50,
  history: undefined,
  laws: undefined,
} as const satisfies Required<Omit<MetricsOptions, 'timers'>>;

const ascending: Rule<readonly number[]> = {
  is: 'positive numbers of milliseconds, ascending',
  accepts: (value): value is readonly number[] =>
    Array.isArray(value) &&
    value.every((bound, index) => Number.isFinite(bound) && bound > (index === 0 ? 0 : value[index - 1])),
};

const metricsRules: Rules<MetricsOptions> = {
  maxMonitors: count,
  bucketsMs: ascending,
  eventLoopSampleMs: durationMs,
  history: optional(objectWith<Pick<History, 'uptime' | 'leftOut'>>('uptime')),
  laws: optional({
    is: 'what watchLaws returns',
    accepts: (value): value is Pick<LawWatch, 'violations'> =>
      typeof value === 'object' && value !== null && 'violations' in value && typeof value.violations === 'object',
  }),
  timers: clockRule,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveMetricsOptions(given: MetricsOptions | undefined): Required<MetricsOptions> {
  const defaults: Required<MetricsOptions> = { ...metricsDefaults, timers: unrefTimers };
  return resolveOptions<Required<MetricsOptions>>('metrics', metricsRules, defaults, given);
}
