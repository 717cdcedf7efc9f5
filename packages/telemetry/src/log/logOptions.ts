import type { SupervisorEvent } from '@watchkeeper/core';
import { callable, positiveCount, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { type LogLevel, levelOf } from './logLevel.ts';

/** Options of {@link logEvents}. Every option may be left out. */
export interface LogOptions {
  /**
   * The level of an event; `silent` is not logged.
   * @default what calls for a person is an error or a warning, what happens all the time is for debugging
   */
  readonly levelOf?: (event: SupervisorEvent) => LogLevel;
  /**
   * How many lines are written at most within a second of the supervisor's clock. Those that were left out are counted,
   * and the next line is a warning that says how many.
   * @default 100
   */
  readonly maxPerSecond?: number;
}

/** Defaults of {@link LogOptions}. */
export const logDefaults = { levelOf, maxPerSecond: 100 } as const satisfies Required<LogOptions>;

const logRules: Rules<LogOptions> = {
  levelOf: callable<(event: SupervisorEvent) => LogLevel>(),
  maxPerSecond: positiveCount,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveLogOptions(given: LogOptions | undefined): Required<LogOptions> {
  return resolveOptions<Required<LogOptions>>('log', logRules, logDefaults, given);
}
