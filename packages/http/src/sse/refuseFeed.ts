import type { Refusal } from '@watchkeeper/core';
import { retryAfterHeader } from '@watchkeeper/core/adapters';
import { type HttpRequest, type HttpResponse, send, sendText } from '../listener.ts';
import { eventFrame } from './sseFrame.ts';

/** A feed and its refusals are not cached, nor compressed on the way: a compressor holds events back until it has enough. */
const cacheControl = { 'Cache-Control': 'no-store, no-transform' } as const;

/** Headers of every stream: it must be neither cached nor buffered. */
export const streamHeaders = {
  'Content-Type': 'text/event-stream',
  ...cacheControl,
  'X-Accel-Buffering': 'no',
} as const;

/**
 * Refuses a client.
 *
 * A browser's EventSource gives up for good at any status but 200. So a client that asks for `text/event-stream` by name
 * gets a stream that only sets `retry:` and ends; every other gets 503 and `Retry-After`.
 *
 * @param retryMs when this client may come back, in milliseconds.
 */
export function refuseFeed(request: HttpRequest, response: HttpResponse, { reason }: Refusal, retryMs: number): void {
  // On HTTP/2 a connection-specific header is an error.
  const leave = request.httpVersionMajor === 1 ? { Connection: 'close' } : {};
  const headers = { ...leave, ...cacheControl, 'Retry-After': retryAfterHeader(retryMs) };
  if (asksForStream(request)) {
    const body = eventFrame('refused', JSON.stringify({ type: 'refused', reason, retryMs }), { retryMs });
    send(request, response, { status: 200, headers: { ...streamHeaders, ...headers }, body });
  } else sendText(request, response, 503, reason, headers);
}

function asksForStream({ headers }: HttpRequest): boolean {
  const { accept } = headers;
  return typeof accept === 'string' && accept.toLowerCase().includes('text/event-stream');
}
