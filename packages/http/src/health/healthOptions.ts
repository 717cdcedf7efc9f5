import { InvalidOptionError } from '@watchkeeper/core';
import { callable, objectWith, positiveMs, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { HttpRequest } from '../listener.ts';
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
   * Whether a request may read the state of each single monitor under `health`. Called on every such request; must not
   * throw.
   * @default nobody
   */
  readonly details?: (request: HttpRequest) => boolean;
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
  retryAfterMs: 5_000,
  service: {},
} as const satisfies Required<HealthOptions>;

const plainObject = <TObject extends object>(): Rule<TObject> => objectWith<TObject>();

const healthRules: Rules<HealthOptions> = {
  paths: { ...plainObject(), is: 'an object of paths' },
  details: callable<(request: HttpRequest) => boolean>(),
  retryAfterMs: positiveMs,
  service: { ...plainObject(), is: 'an object with version, releaseId, serviceId and description' },
};

const pathRule: Rule<string | false> = {
  is: 'a path that begins with a slash, or false',
  accepts: (value): value is string | false =>
    value === false || (typeof value === 'string' && /^\/[^?#\s]*$/.test(value)),
};

/** Options that are complete and checked. */
export interface ResolvedHealthOptions extends Readonly<Required<HealthOptions>> {
  readonly paths: Readonly<Record<HealthQuestion, string | false>>;
}

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveHealthOptions(given: HealthOptions | undefined): ResolvedHealthOptions {
  const resolved = resolveOptions<Required<HealthOptions>>('health', healthRules, healthDefaults, given);
  const pathRules = { live: pathRule, ready: pathRule, started: pathRule, health: pathRule };
  const paths = resolveOptions('health.paths', pathRules, defaultPaths, resolved.paths);
  const taken = Object.values(paths).filter((path) => path !== false);
  if (new Set(taken).size < taken.length) {
    throw new InvalidOptionError('health.paths', 'four different paths', taken.join(', '));
  }
  return { ...resolved, paths };
}
