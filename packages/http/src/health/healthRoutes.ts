import { type HttpListener, pathOf, refuseMethod, send, sendText } from '../listener.ts';
import { type HealthSource, healthAnswer } from './healthAnswer.ts';
import { type HealthOptions, type HealthQuestion, resolveHealthOptions } from './healthOptions.ts';

/**
 * Makes a listener for `/livez`, `/readyz`, `/startupz` and `/health`. It answers from the supervisor's present state,
 * without asking any target.
 *
 * A question that is answered no gets 503 and `Retry-After`. `/livez` is answered no only where a monitor that is
 * required for `live` is `unhealthy` or `error`, and stays 200 while the supervisor drains, so that no orchestrator kills a
 * program that is draining.
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
  const resolved = resolveHealthOptions(options);
  const questions = new Map<string, HealthQuestion>();
  for (const question of ['live', 'ready', 'started', 'health'] as const) {
    const path = resolved.paths[question];
    if (path !== false) questions.set(path, question);
  }
  return (request, response, next) => {
    const question = questions.get(pathOf(request));
    if (question === undefined) {
      if (next !== undefined) {
        next();
        return false;
      }
      sendText(request, response, 404, 'Not found');
    } else if (!refuseMethod(request, response)) {
      const details = question === 'health' && resolved.details(request) === true;
      send(request, response, healthAnswer(keeper, resolved, question, details));
    }
    return true;
  };
}
