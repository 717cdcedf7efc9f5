import { InvalidOptionError } from '@watchkeeper/core';
import { callable, objectWith, positiveMs, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { HttpRequest } from '../listener.ts';
import {
  type Groups,
  groupsRule,
  pathRule,
  type ResolvedGroup,
  requireDifferentPaths,
  resolveGroups,
} from './groupOptions.ts';
import type { ServiceDescription } from './healthJson.ts';

/** What a client can ask: one question for each plane, and `health` for the whole. */
export type HealthQuestion = 'live' | 'ready' | 'started' | 'health';

/** Options of `healthRoutes` and `healthAnswers`. */
export interface HealthOptions {
  /**
   * The path of each question. Leave a path out to keep its default, give `false` to not answer it.
   * @default { live: '/livez', ready: '/readyz', started: '/startupz', health: '/health' }
   */
  readonly paths?: Partial<Readonly<Record<HealthQuestion, string | false>>>;
  /**
   * Whether a request may read the state of each single monitor under `health`. Called on every such request; one
   * that throws is answered by 500.
   * @default nobody
   */
  readonly details?: (request: HttpRequest) => boolean;
  /**
   * Groups to serve, each at a path of its own, by their names: ids of composites or monitors, or tags. They may be made
   * later, and come and go; one that nobody has made is answered as down, `unknown`.
   * @default none
   */
  readonly groups?: Groups;
  /**
   * `Retry-After` of a 503, in milliseconds; sent in whole seconds.
   * @default 5000
   */
  readonly retryAfterMs?: number;
  /**
   * Identity of the program, sent under `health`.
   * @default nothing
   */
  readonly service?: ServiceDescription;
}

const defaultPaths: Readonly<Record<HealthQuestion, string | false>> = {
  live: '/livez',
  ready: '/readyz',
  started: '/startupz',
  health: '/health',
};

/** Defaults of {@link HealthOptions}. */
export const healthDefaults = {
  paths: defaultPaths,
  details: () => false,
  groups: {},
  retryAfterMs: 5_000,
  service: {},
} as const satisfies Required<HealthOptions>;

const plainObject = <TObject extends object>(): Rule<TObject> => objectWith<TObject>();

const healthRules: Rules<HealthOptions> = {
  paths: { ...plainObject(), is: 'an object of paths' },
  details: callable<(request: HttpRequest) => boolean>(),
  groups: groupsRule,
  retryAfterMs: positiveMs,
  service: { ...plainObject(), is: 'an object with version, releaseId, serviceId and description' },
};

const questionPath: Rule<string | false> = {
  is: `${pathRule.is}, or false`,
  accepts: (value): value is string | false => value === false || pathRule.accepts(value),
};

/** Options that are complete and checked. */
export interface ResolvedHealthOptions extends Readonly<Omit<Required<HealthOptions>, 'groups'>> {
  readonly groups: readonly ResolvedGroup[];
  readonly paths: Readonly<Record<HealthQuestion, string | false>>;
}

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveHealthOptions(given: HealthOptions | undefined): ResolvedHealthOptions {
  const resolved = resolveOptions<Required<HealthOptions>>('health', healthRules, healthDefaults, given);
  const pathRules = { live: questionPath, ready: questionPath, started: questionPath, health: questionPath };
  const paths = resolveOptions('health.paths', pathRules, defaultPaths, resolved.paths);
  const { details } = resolved;
  const groups = resolveGroups('health.groups', resolved.groups, { details });
  const taken = Object.values(paths).filter((path) => path !== false);
  if (new Set(taken).size < taken.length) {
    throw new InvalidOptionError('health.paths', 'four different paths', taken.join(', '));
  }
  requireDifferentPaths('health.groups', groups, taken);
  return { ...resolved, paths, groups };
}
