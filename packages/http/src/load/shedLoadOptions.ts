import { InvalidOptionError, type Supervisor } from '@watchkeeper/core';
import { callable, oneOf, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { healthDefaults } from '../health/healthOptions.ts';
import type { HttpRequest } from '../listener.ts';
import type { LoadPriority } from './loadLimiterOptions.ts';

/** How much a request matters: `exempt` ones are always served, and do not count. */
export type RequestPriority = LoadPriority | 'exempt';

/** The part of a supervisor that shedding needs: it counts whom it refuses. */
export type SheddingSupervisor = Pick<Supervisor, 'noteRefusal'>;

/** A request as Express passes it to what is mounted below a path. */
export type ShedRequest = HttpRequest & { readonly originalUrl?: string };

/** Options of `shedLoad`. */
export interface ShedLoadOptions {
  /**
   * Priorities by path: `/pay` is that path alone, `/reports/*` all below it; the longest counts. Those of health and
   * `/metrics` are `exempt` unless named here, and all others `normal`. Make what streams without end `exempt`: it is
   * no request in flight, and its slot is refused by the supervisor's `admit`.
   * @default {}
   */
  readonly routes?: Readonly<Record<string, RequestPriority>>;
  /**
   * The priority of a request, before `routes` is asked; `undefined` leaves it to them. Must not throw.
   * @default leaves it to `routes`
   */
  readonly priorityOf?: (request: ShedRequest) => RequestPriority | undefined;
  /**
   * Names the peer of a refused request. Must not throw.
   * @default the remote address of the connection
   */
  readonly peerOf?: (request: ShedRequest) => string | undefined;
}

/** Defaults of {@link ShedLoadOptions}. */
export const shedLoadDefaults = {
  routes: {},
  priorityOf: () => undefined,
  peerOf: ({ socket }: ShedRequest) => socket?.remoteAddress,
} as const satisfies Required<ShedLoadOptions>;

const rules: Rules<ShedLoadOptions> = {
  routes: {
    is: 'an object of priorities by path',
    accepts: (value): value is Readonly<Record<string, RequestPriority>> =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
  },
  priorityOf: callable<Required<ShedLoadOptions>['priorityOf']>(),
  peerOf: callable<Required<ShedLoadOptions>['peerOf']>(),
};

const priorityRule = oneOf('exempt', 'high', 'normal', 'low');

const routeRule: Rule<string> = {
  is: 'a path that begins with a slash, or one that ends with /* for all below it',
  accepts: (value): value is string => typeof value === 'string' && /^\/[^?#*\s]*(?<=\/)\*$|^\/[^?#*\s]*$/.test(value),
};

const exemptPaths = [...Object.values(healthDefaults.paths), '/metrics'].filter((path) => path !== false);

/** Options that are complete and checked. */
export interface ResolvedShedLoadOptions extends Readonly<Required<ShedLoadOptions>> {
  /** Priority of each path by itself. */
  readonly exact: ReadonlyMap<string, RequestPriority>;
  /** Beginnings of paths, each ending in a slash, the longest first. */
  readonly below: readonly (readonly [beginning: string, priority: RequestPriority])[];
}

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveShedLoadOptions(given: ShedLoadOptions | undefined): ResolvedShedLoadOptions {
  const resolved = resolveOptions<Required<ShedLoadOptions>>('shedLoad', rules, shedLoadDefaults, given);
  const exact = new Map<string, RequestPriority>(exemptPaths.map((path) => [path, 'exempt']));
  const below: [string, RequestPriority][] = [];
  for (const [route, priority] of Object.entries(resolved.routes)) {
    if (!routeRule.accepts(route)) throw new InvalidOptionError('shedLoad.routes', routeRule.is, route);
    if (!priorityRule.accepts(priority)) {
      throw new InvalidOptionError(`shedLoad.routes['${route}']`, priorityRule.is, priority);
    }
    if (route.endsWith('/*')) below.push([route.slice(0, -1), priority]);
    else exact.set(route, priority);
  }
  below.sort(([one], [other]) => other.length - one.length);
  return { ...resolved, exact, below };
}
