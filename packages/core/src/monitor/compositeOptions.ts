import { flag, longestMs, type Rules, resolveOptions, texts } from '../rules.ts';
import { type MonitorOptions, monitorDefaults, type ResolvedMonitorOptions } from './monitorOptions.ts';

/** How a composite takes part in the whole. */
export interface CompositeOptions {
  /**
   * Whether the program is unready while this composite is.
   * @default true
   */
  readonly required?: boolean;
  /**
   * Ids of monitors it cannot be good without, beside its members; as {@link MonitorOptions.dependsOn}.
   * @default []
   */
  readonly dependsOn?: readonly string[];
}

const compositeDefaults = { required: true, dependsOn: [] } as const satisfies Required<CompositeOptions>;

const compositeRules: Rules<CompositeOptions> = { required: flag, dependsOn: texts };

/**
 * The options of the monitor that a composite is: it judges at once, whenever a member changes, and never by the clock.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 */
export function resolveCompositeOptions(given: CompositeOptions | undefined): ResolvedMonitorOptions {
  const own = resolveOptions<Required<CompositeOptions>>('composite', compositeRules, compositeDefaults, given);
  return { ...monitorDefaults, ...own, intervalMs: longestMs, alertAfter: -1 };
}
