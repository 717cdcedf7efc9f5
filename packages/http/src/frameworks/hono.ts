import type { HttpListener, HttpRequest, HttpResponse } from '../listener.ts';

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

/**
 * A listener as Hono takes it on `@hono/node-server`: as middleware, which passes on what is not the listener's, or as a
 * route's handler. On another host, answer with `healthAnswers`.
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
): (context: { readonly env: unknown }, next: () => Promise<void>) => Promise<Response | undefined> {
  return async ({ env }, next) => {
    const { incoming, outgoing } = env as NodeBindings;
    if (listener(incoming, outgoing, () => {})) return alreadySent();
    await next();
    return undefined;
  };
}
