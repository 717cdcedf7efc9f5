import { type HttpListener, refuseMethod } from '../listener.ts';
import { refuseFeed, streamHeaders } from './refuseFeed.ts';
import { spreadMs } from './spreadMs.ts';
import { type FeedSupervisor, SseClient } from './sseConnection.ts';
import { resolveSseFeedOptions, type SseFeedOptions } from './sseFeedOptions.ts';

/**
 * Tells every client that asks of each change of health, as server-sent events, until it leaves or is told to go.
 *
 * A slot is taken before anything is made for a client. The present state comes first, or, to a client that comes back
 * with `Last-Event-ID`, what it missed. Each client has a notifier of its own, so one that does not read delays nobody
 * and is evicted in the end. A drain is told as the event `goaway`, with a `retry:`
 * that is spread, or what the drain says by `reconnectSpreadMs`; then the stream ends.
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
  const resolved = resolveSseFeedOptions(options);
  return (request, response) => {
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
    const slot = keeper.reserve(peer);
    if (!slot.reserved) {
      const { retryJitter, random } = resolved;
      refuseFeed(request, response, slot, spreadMs(slot.retryAfterMs, retryJitter, random()));
      return true;
    }
    try {
      // One that has gone already would never say so again.
      if (request.destroyed === true || response.destroyed === true) return true;
      // A body that nobody reads stops the connection, and with it the news of its end.
      request.resume?.();
      response.writeHead(200, streamHeaders);
      new SseClient(keeper, resolved, slot, request, response);
    } finally {
      slot.release();
    }
    return true;
  };
}
