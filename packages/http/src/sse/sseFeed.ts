import { ownAgeOf } from '@watchkeeper/core/adapters';
import { objectWith, optional, requireOption, texts } from '@watchkeeper/core/options';
import { guardListener } from '../guardListener.ts';
import { type HttpListener, refuseMethod } from '../listener.ts';
import { spreadRetryMs } from '../spreadRetryMs.ts';
import { refuseFeed, streamHeaders } from './refuseFeed.ts';
import { type FeedSupervisor, SseConnection } from './sseConnection.ts';
import { resolveSseFeedOptions, type SseFeedOptions } from './sseFeedOptions.ts';

/**
 * Makes a listener that sends each change of health to its clients as server-sent events, until they leave or a drain begins.
 *
 * A slot is taken before anything is made for a client. The present state comes first, or, to a client that comes back
 * with `Last-Event-ID`, what it missed. Each client has a notifier of its own, so one that does not read delays nobody
 * and is evicted in the end. At a drain each client gets the event `goaway`, whose `retry:` is spread at random or set by
 * the drain's `reconnectSpreadMs`; then the stream ends.
 *
 * Events are `health` and `goaway`, their data a notice as JSON, and `refused` to a client there is no slot for.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { healthRoutes, sseFeed } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor({ maxSessions: 1_000 });
 * const routes = healthRoutes(keeper);
 * const feed = sseFeed(keeper);
 * createServer((request, response) => {
 *   if (request.url === '/feed') feed(request, response);
 *   else routes(request, response);
 * }).listen(8080);
 * ```
 */
export function sseFeed(keeper: FeedSupervisor, options?: SseFeedOptions): HttpListener {
  requireOption('sseFeed.keeper', objectWith<FeedSupervisor>('reserve', 'notifier'), keeper);
  const resolved = resolveSseFeedOptions(options);
  const age = ownAgeOf(resolved);
  return guardListener('sse', keeper, (request, response) => {
    const peer = resolved.peerOf(request) || undefined;
    if (refuseMethod(request, response)) {
      keeper.noteRefusal?.({ by: 'sse', reason: 'method', ...(peer === undefined ? {} : { peer }) });
      return true;
    }
    if (request.method === 'HEAD') {
      response.writeHead(200, streamHeaders);
      response.end();
      return true;
    }
    const topics = resolved.topicsOf(request);
    requireOption('topicsOf()', optional(texts), topics);
    const slot = keeper.reserve(peer, { topics: topics ?? [], ...age });
    if (!slot.reserved) {
      const { retryJitter, random } = resolved;
      refuseFeed(request, response, slot, spreadRetryMs(slot.retryAfterMs, retryJitter, random()));
      return true;
    }
    try {
      // A client that has gone already emits no further close.
      if (request.destroyed === true || response.destroyed === true) return true;
      // A body that nobody reads stops the connection, and with it the event of its end.
      request.resume?.();
      response.writeHead(200, streamHeaders);
      new SseConnection(keeper, resolved, slot, topics, request, response);
    } finally {
      slot.release();
    }
    return true;
  });
}
