import { callable, requireOption } from '@watchkeeper/core/options';
import type { HttpListener, HttpRequest, HttpResponse } from '../listener.ts';
import { callKeepingHeaders, type HeadersSet } from './keepHeaders.ts';

/** The bindings of `@hono/node-server`. */
export interface NodeBindings {
  readonly incoming: HttpRequest;
  readonly outgoing: HttpResponse;
}

/** @returns the response by which `@hono/node-server` knows that one was sent already. */
function alreadySent(): Response {
  const response = new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
  // It puts a lighter class in the place of `Response` and looks at its headers only once it is a whole one.
  response.clone();
  return response;
}

function headersOf({ headers }: Response): HeadersSet {
  const cookies = headers.getSetCookie();
  const others = [...headers].filter(([name]) => name !== 'set-cookie');
  return cookies.length === 0 ? others : [...others, ['set-cookie', cookies]];
}

/**
 * A listener as Hono takes it on `@hono/node-server`: as middleware, which passes on what is not the listener's, or as a
 * route's handler. Headers that were set before go with the answer. On another host, answer with `healthAnswers`.
 *
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { forHono, healthRoutes, sseFeed } from '@watchkeeper/http';
 * import { Hono } from 'hono';
 *
 * const keeper = createSupervisor();
 * const app = new Hono();
 * app.use(forHono(healthRoutes(keeper)));
 * app.get('/feed', forHono(sseFeed(keeper)));
 * ```
 */
export function forHono(
  listener: HttpListener,
): (
  context: { readonly env: unknown; readonly res?: Response },
  next: () => Promise<void>,
) => Promise<Response | undefined> {
  requireOption('forHono.listener', callable<HttpListener>(), listener);
  return async (context, next) => {
    const { incoming, outgoing } = context.env as NodeBindings;
    const headersSet = () => (context.res === undefined ? [] : headersOf(context.res));
    if (callKeepingHeaders(listener, incoming, outgoing, headersSet, () => {})) return alreadySent();
    await next();
    return undefined;
  };
}
