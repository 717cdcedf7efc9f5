import { type Plane, planesRule, sharedPlanes } from '../model/plane.ts';
import { type Backoff, backoffDefaults, resolveBackoff } from '../registry/backoff.ts';
import { restartRule } from '../registry/childSpec.ts';
import type { Restart } from '../registry/restartPolicy.ts';
import {
  differentTexts,
  durationMs,
  nestedOptions,
  positiveMs,
  type Rule,
  type Rules,
  resolveOptions,
  texts,
} from '../rules.ts';

/** Options of a service. Every one may be left out. */
export interface ServiceOptions {
  /**
   * Ids of services and monitors that exist already. It begins once each is ready or healthy, is stopped before it, and is
   * not restarted for its health while one of them is down.
   * @default nothing
   */
  readonly dependsOn?: readonly string[];
  /**
   * When an ended run is followed by another, as in Erlang/OTP: always, after a failure only, or never.
   * @default 'permanent'
   */
  readonly restart?: Restart;
  /**
   * Tags: a composite over a tag has it as a member.
   * @default none
   */
  readonly tags?: readonly string[];
  /**
   * Which answers of the supervisor wait for it.
   * @default ['started', 'ready']
   */
  readonly requiredFor?: readonly Plane[];
  /**
   * How long a run may take to say that it is ready, in milliseconds; then it is stopped, which counts as a failure.
   * 0 is no limit.
   * @default 30000
   */
  readonly startTimeoutMs?: number;
  /**
   * How long it may finish what it has, from the moment a drain begins, before it is stopped, in milliseconds.
   * @default 0
   */
  readonly quiesceMs?: number;
  /**
   * How long its run may take to end once its signal has aborted, in milliseconds.
   * @default 5000
   */
  readonly shutdownMs?: number;
  /**
   * How long it may go without a beat, in milliseconds; then it is unhealthy. 0 asks for none.
   * @default 0
   */
  readonly beatWithinMs?: number;
  /**
   * The waits before a run that follows a failure.
   * @default 1 second, doubling to 10, ±10 %
   */
  readonly backoff?: Partial<Backoff>;
  /**
   * Restarts it once it has been unhealthy for so long without a break, in milliseconds.
   * @default not restarted for its health
   */
  readonly restartWhen?: { readonly unhealthyForMs: number } | undefined;
}

/** {@link ServiceOptions}, complete and checked. */
export type ResolvedServiceOptions = Readonly<Required<Omit<ServiceOptions, 'backoff'>> & { backoff: Backoff }>;

/** Defaults of {@link ServiceOptions}. */
export const serviceDefaults = {
  dependsOn: [],
  tags: [],
  restart: 'permanent',
  requiredFor: sharedPlanes(['started', 'ready']),
  startTimeoutMs: 30_000,
  quiesceMs: 0,
  shutdownMs: 5_000,
  beatWithinMs: 0,
  backoff: backoffDefaults,
  restartWhen: undefined,
} as const satisfies ResolvedServiceOptions;

const restartWhenRule: Rule<ServiceOptions['restartWhen']> = {
  is: `{ unhealthyForMs }, which is ${positiveMs.is}, or left out`,
  accepts: (value): value is ServiceOptions['restartWhen'] =>
    value === undefined ||
    (typeof value === 'object' &&
      value !== null &&
      Object.keys(value).join() === 'unhealthyForMs' &&
      positiveMs.accepts((value as { unhealthyForMs: unknown }).unhealthyForMs)),
};

const rules: Rules<ServiceOptions> = {
  dependsOn: texts,
  tags: differentTexts,
  restart: restartRule,
  requiredFor: planesRule,
  startTimeoutMs: durationMs,
  quiesceMs: durationMs,
  shutdownMs: positiveMs,
  beatWithinMs: durationMs,
  backoff: nestedOptions as Rule<Partial<Backoff>>,
  restartWhen: restartWhenRule,
};

/**
 * Returns the options of a service; where nothing is given, the defaults themselves.
 *
 * @param defaults taken where nothing is given: those of the supervisor.
 * @throws {@link InvalidOptionError} for the first option that breaks its rule, at any depth.
 */
export function resolveServiceOptions(
  given: ServiceOptions | undefined,
  defaults: ResolvedServiceOptions = serviceDefaults,
): ResolvedServiceOptions {
  if (given === undefined) return defaults;
  const resolved = resolveOptions<Required<ServiceOptions>>('service', rules, defaults, given);
  return {
    ...resolved,
    requiredFor: sharedPlanes(resolved.requiredFor),
    backoff: resolveBackoff('service.backoff', resolved.backoff),
  };
}
