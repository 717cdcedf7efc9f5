import { requireOption } from '@watchkeeper/core/options';
import { guardListener } from '../guardListener.ts';
import type { HttpListener } from '../listener.ts';
import { type Answerer, answerPaths, decodedPath } from './answerPaths.ts';
import { groupAnswerers } from './groupRoutes.ts';
import { type HealthSource, healthAnswer, healthSourceRule } from './healthAnswer.ts';
import { type HealthOptions, resolveHealthOptions } from './healthOptions.ts';
import { historyAnswerer } from './historyAnswer.ts';

/**
 * Makes a listener for `/livez`, `/readyz`, `/startupz` and `/health`. It answers from the supervisor's present state,
 * without asking any target.
 *
 * A question that is answered no gets 503 and `Retry-After`. `/livez` is answered no only where a monitor that is
 * required for `live` is `unhealthy` or `error`, and stays 200 while the supervisor drains, so that no orchestrator kills a
 * program that is draining. Where `start()` was forgotten, or came once a drain had begun, `/readyz` says that.
 *
 * `groups` serves parts of the program besides, each at a path of its own. For a listener of its own, which may have another
 * port, make a second one with {@link groupRoutes}.
 *
 * `/health/<id>/history` is how one monitor failed lately, for those to whom `details` shows it; nobody else learns whether
 * there is such a monitor.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { healthRoutes } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * createServer(healthRoutes(keeper)).listen(8080);
 * ```
 */
export function healthRoutes(keeper: HealthSource, options?: HealthOptions): HttpListener {
  requireOption('healthRoutes.keeper', healthSourceRule, keeper);
  const resolved = resolveHealthOptions(options);
  const answerers = new Map<string, Answerer>(groupAnswerers(keeper, resolved.groups, resolved.retryAfterMs));
  for (const question of ['live', 'ready', 'started', 'health'] as const) {
    const path = resolved.paths[question];
    if (path === false) continue;
    answerers.set(decodedPath(path), (request) => {
      const details = question === 'health' && resolved.details(request) === true;
      return healthAnswer(keeper, resolved, question, details);
    });
  }
  const base = resolved.paths.health;
  return guardListener(
    'health',
    keeper,
    answerPaths(
      (path) => answerers.get(path) ?? (base === false ? undefined : historyAnswerer(keeper, resolved, base, path)),
    ),
  );
}
