import { type Clock, systemClock } from '@watchkeeper/core';
import { objectWith, positiveCount, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';

/** State of a history. Plain and serialisable: store it as JSON, and give it to a later program. */
export interface HistorySnapshot {
  readonly version: 1;
  /** Epoch milliseconds. */
  readonly at: number;
  /** By monitor id, as base64. */
  readonly monitors: Readonly<Record<string, string>>;
}

/** Options of {@link keepHistory}. Every option may be left out. */
export interface HistoryOptions {
  /**
   * How many monitors have a history; each takes {@link historyBytesPerMonitor}. One more takes the place of one that
   * has ended, and has none where all still run: {@link History.leftOut} counts those.
   * @default 1000
   */
  readonly maxMonitors?: number;
  /**
   * The {@link History.snapshot} of an earlier program. The time between is unknown.
   * @default nothing is remembered
   */
  readonly resume?: HistorySnapshot | undefined;
  /**
   * Tells the time when history is read; give the supervisor's clock, where that has one of its own.
   * @default the system's clock
   */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Defaults of {@link HistoryOptions}. */
export const historyDefaults = {
  maxMonitors: 1_000,
  resume: undefined,
} as const satisfies Required<Omit<HistoryOptions, 'clock'>>;

const snapshotRule: Rule<HistorySnapshot | undefined> = {
  is: 'what history.snapshot() answered, or left out',
  accepts: (value): value is HistorySnapshot | undefined => {
    if (value === undefined) return true;
    if (typeof value !== 'object' || value === null) return false;
    const { version, at, monitors } = value as Partial<HistorySnapshot>;
    if (version !== 1 || !Number.isFinite(at) || typeof monitors !== 'object' || monitors === null) return false;
    return Object.values(monitors).every((serialized) => typeof serialized === 'string');
  },
};

const historyRules: Rules<HistoryOptions> = {
  maxMonitors: positiveCount,
  resume: snapshotRule,
  clock: objectWith<Pick<Clock, 'now'>>('now'),
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveHistoryOptions(given: HistoryOptions | undefined): Required<HistoryOptions> {
  const defaults: Required<HistoryOptions> = { ...historyDefaults, clock: systemClock() };
  return resolveOptions<Required<HistoryOptions>>('history', historyRules, defaults, given);
}
