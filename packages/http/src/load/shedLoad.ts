import { retryAfterHeader } from '@watchkeeper/core/adapters';
import { objectWith, requireOption } from '@watchkeeper/core/options';
import { guardListener } from '../guardListener.ts';
import { type HttpResponse, pathOf, sendText } from '../listener.ts';
import type { LoadLimiter } from './loadLimiter.ts';
import {
  type RequestPriority,
  type ResolvedShedLoadOptions,
  resolveShedLoadOptions,
  type SheddingSupervisor,
  type ShedLoadOptions,
  type ShedRequest,
} from './shedLoadOptions.ts';

const keeperRule = objectWith<SheddingSupervisor>('noteRefusal');
const limiterRule = objectWith<LoadLimiter>('acquire');

/**
 * Makes a middleware that refuses requests under load: those that matter least first, with 503 and `Retry-After`, before
 * anything is done for them. Questions of health are always answered.
 *
 * Put it before what it is to protect. Express takes it as it is, Fastify by `forFastify` as an `onRequest` hook, Hono by
 * `forHono`; with `node:http`, what is served goes into `next`. Each refusal is counted by the limiter and by the
 * supervisor, and is its event `client.refused`.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { forFastify, healthRoutes, loadLimiter, shedLoad } from '@watchkeeper/http';
 * import Fastify from 'fastify';
 *
 * const limiter = loadLimiter();
 * const keeper = createSupervisor({ admit: limiter.admit });
 * const app = Fastify();
 * app.addHook('onRequest', forFastify(shedLoad(keeper, limiter, { routes: { '/reports/*': 'low' } })));
 * app.addHook('onRequest', forFastify(healthRoutes(keeper)));
 * ```
 */
export function shedLoad(
  keeper: SheddingSupervisor,
  limiter: Pick<LoadLimiter, 'acquire'>,
  options?: ShedLoadOptions,
): (request: ShedRequest, response: HttpResponse, next?: () => void) => boolean {
  requireOption('shedLoad.keeper', keeperRule, keeper);
  requireOption('shedLoad.limiter', limiterRule, limiter);
  const resolved = resolveShedLoadOptions(options);

  /** Returns whether the request was refused. */
  function refuse(request: ShedRequest, response: HttpResponse): boolean {
    const priority = priorityOf(request, resolved);
    // A client that has gone already emits no further close, which would give the permit back.
    if (priority === 'exempt' || response.destroyed === true) return false;
    const permit = limiter.acquire(priority);
    if (permit.admitted) {
      response.on('close', permit.release);
      return false;
    }
    const peer = resolved.peerOf(request) || undefined;
    keeper.noteRefusal({ by: 'load', reason: 'overload', ...(peer === undefined ? {} : { peer }) });
    sendText(request, response, 503, 'overload', { 'Retry-After': retryAfterHeader(permit.retryAfterMs) });
    return true;
  }

  return guardListener('load', keeper, (request, response, next) => {
    if (refuse(request, response)) return true;
    if (next === undefined) {
      sendText(request, response, 404, 'Not found');
      return true;
    }
    next();
    return false;
  });
}

function priorityOf(request: ShedRequest, { priorityOf, exact, below }: ResolvedShedLoadOptions): RequestPriority {
  const chosen = priorityOf(request);
  if (chosen !== undefined) return chosen;
  const path = pathOf(request.originalUrl === undefined ? request : { url: request.originalUrl });
  return exact.get(path) ?? below.find(([beginning]) => path.startsWith(beginning))?.[1] ?? 'normal';
}
