import { type Plane, planesRule, sharedPlanes } from '../model/plane.ts';
import { differentTexts, frozenCopy, longestMs, type Rules, resolveOptions, texts } from '../rules.ts';
import { type MonitorOptions, monitorDefaults, type ResolvedMonitorOptions } from './monitorOptions.ts';

/** How a composite takes part in the whole. */
export interface CompositeOptions {
  /**
   * The planes of the program that depend on this composite; as {@link MonitorOptions.requiredFor}.
   * @default ['started', 'ready']
   */
  readonly requiredFor?: readonly Plane[];
  /**
   * Ids of monitors it cannot be good without, beside its members; as {@link MonitorOptions.dependsOn}.
   * @default []
   */
  readonly dependsOn?: readonly string[];
  /**
   * Words that it is found by; as {@link MonitorOptions.tags}.
   * @default []
   */
  readonly tags?: readonly string[];
}

const compositeDefaults = {
  requiredFor: monitorDefaults.requiredFor,
  dependsOn: [],
  tags: [],
} as const satisfies Required<CompositeOptions>;

const compositeRules: Rules<CompositeOptions> = { requiredFor: planesRule, dependsOn: texts, tags: differentTexts };

/**
 * The options of the monitor that a composite is: it judges at once, whenever a member changes, and never by the clock.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 */
export function resolveCompositeOptions(given: CompositeOptions | undefined): ResolvedMonitorOptions {
  const own = resolveOptions<Required<CompositeOptions>>('composite', compositeRules, compositeDefaults, given);
  const requiredFor = sharedPlanes(own.requiredFor);
  const [dependsOn, tags] = [frozenCopy(own.dependsOn), frozenCopy(own.tags)];
  return { ...monitorDefaults, requiredFor, dependsOn, tags, intervalMs: longestMs, alertAfter: -1 };
}
