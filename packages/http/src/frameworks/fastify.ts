import { callable, requireOption } from '@watchkeeper/core/options';
import type { HttpListener, HttpRequest, HttpResponse } from '../listener.ts';
import { callKeepingHeaders } from './keepHeaders.ts';

/** The part of a Fastify request that is needed. */
export interface FastifyRequestLike {
  readonly raw: HttpRequest;
}

/** The part of a Fastify reply that is needed. */
export interface FastifyReplyLike {
  readonly raw: HttpResponse;
  hijack(): unknown;
  /** The headers set so far, which are not on `raw` yet. */
  getHeaders?(): { readonly [name: string]: string | number | readonly string[] | undefined };
}

/**
 * A listener as Fastify takes it: as an `onRequest` hook, which passes on what is not the listener's, or as a route's handler.
 * Headers that were set before, such as CORS and cookies, go with the answer.
 *
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { forFastify, healthRoutes, sseFeed } from '@watchkeeper/http';
 * import Fastify from 'fastify';
 *
 * const keeper = createSupervisor();
 * const app = Fastify();
 * app.addHook('onRequest', forFastify(healthRoutes(keeper)));
 * app.get('/feed', forFastify(sseFeed(keeper)));
 * ```
 */
export function forFastify(
  listener: HttpListener,
): (request: FastifyRequestLike, reply: FastifyReplyLike, done?: () => void) => void {
  requireOption('forFastify.listener', callable<HttpListener>(), listener);
  return (request, reply, done) => {
    const headersSet = () => Object.entries(reply.getHeaders?.() ?? {});
    if (callKeepingHeaders(listener, request.raw, reply.raw, headersSet, done)) reply.hijack();
  };
}
