import { objectWith, type Rule, requireOption } from '@watchkeeper/core/options';
import { guardListener } from '../guardListener.ts';
import type { HttpListener } from '../listener.ts';
import { type Answerer, answerPaths, decodedPath } from './answerPaths.ts';
import { type GroupSource, groupAnswer } from './groupAnswer.ts';
import type { Groups, ResolvedGroup } from './groupOptions.ts';
import { type HealthOptions, resolveHealthOptions } from './healthOptions.ts';

const groupsRule: Rule<Groups> = {
  is: 'an object of groups, by their names',
  accepts: (value): value is Groups =>
    typeof value === 'object' && value !== null && Object.values(value).every((group) => typeof group === 'object'),
};

const nothingElse = { live: false, ready: false, started: false, health: false } as const;

/**
 * Makes a listener for groups alone, as {@link HealthOptions.groups} of `healthRoutes` has them: for a server, and a port, of
 * its own.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { groupRoutes } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * createServer(groupRoutes(keeper, { payments: { path: '/', status: { degraded: 503 } } })).listen(9001);
 * ```
 */
export function groupRoutes(
  keeper: GroupSource,
  groups: Groups,
  options?: Pick<HealthOptions, 'details' | 'retryAfterMs'>,
): HttpListener {
  requireOption('groupRoutes.keeper', objectWith<GroupSource>('groupOf'), keeper);
  requireOption('groupRoutes.groups', groupsRule, groups);
  const { details, retryAfterMs } = resolveHealthOptions(options);
  const resolved = resolveHealthOptions({ details, retryAfterMs, groups, paths: nothingElse });
  const answerers = new Map(groupAnswerers(keeper, resolved.groups, resolved.retryAfterMs));
  return guardListener(
    'groups',
    keeper,
    answerPaths((path) => answerers.get(path)),
  );
}

/** Pairs each group's path with what answers there. */
export function groupAnswerers(
  keeper: GroupSource,
  groups: readonly ResolvedGroup[],
  retryAfterMs: number,
): readonly (readonly [path: string, Answerer])[] {
  return groups.map((group) => [
    decodedPath(group.path),
    (request) => groupAnswer(keeper, group, { retryAfterMs, details: group.details(request) === true }),
  ]);
}
