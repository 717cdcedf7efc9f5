import { type Plane, planesRule, sharedPlanes } from '../model/plane.ts';
import { differentTexts, frozenCopy, longestMs, type Rules, ratio, resolveOptions, texts } from '../rules.ts';
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
  /**
   * Where it is not good and fewer of its members than this are, as a share of those that count, the fault is likely ours or
   * everybody's: it is `degraded` instead of `unhealthy`, and says `panic`. It fails open, as Envoy's panic threshold does, so
   * that a fault of our own network does not take every target out. 0 is off (INV-116).
   * @default 0
   */
  readonly panicThreshold?: number;
}

const compositeDefaults = {
  requiredFor: monitorDefaults.requiredFor,
  dependsOn: [],
  tags: [],
  panicThreshold: 0,
} as const satisfies Required<CompositeOptions>;

const compositeRules: Rules<CompositeOptions> = {
  requiredFor: planesRule,
  dependsOn: texts,
  tags: differentTexts,
  panicThreshold: ratio,
};

/**
 * The options of the monitor that a composite is: it judges at once, whenever a member changes, and never by the clock.
 *
 * @returns these, and the threshold of its panic.
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 */
export function resolveCompositeOptions(given: CompositeOptions | undefined): {
  readonly options: ResolvedMonitorOptions;
  readonly panicThreshold: number;
} {
  const own = resolveOptions<Required<CompositeOptions>>('composite', compositeRules, compositeDefaults, given);
  const requiredFor = sharedPlanes(own.requiredFor);
  const [dependsOn, tags] = [frozenCopy(own.dependsOn), frozenCopy(own.tags)];
  const options = { ...monitorDefaults, requiredFor, dependsOn, tags, intervalMs: longestMs, alertAfter: -1 };
  return { options, panicThreshold: own.panicThreshold };
}
