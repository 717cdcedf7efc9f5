import type { Refusal } from '@watchkeeper/core';
import { retryAfterHeader } from '@watchkeeper/core/adapters';
import { type HttpRequest, type HttpResponse, send, sendText } from '../listener.ts';
import { eventFrame } from './sseFrame.ts';

/** What every stream is sent with: nobody may keep it or hold it back. */
export const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
} as const;

/**
 * Turns a client away.
 *
 * A browser's EventSource gives up for good at any status but 200. So whoever asks for `text/event-stream` by name gets
 * a stream that only says when to come back, and ends; everybody else gets 503 and `Retry-After`.
 *
 * @param retryMs when this client may come back, in milliseconds.
 */
export function refuseFeed(request: HttpRequest, response: HttpResponse, { reason }: Refusal, retryMs: number): void {
  // On HTTP/2 a connection-specific header is an error.
  const leave = request.httpVersionMajor === 1 ? { Connection: 'close' } : {};
  const headers = { ...leave, 'Retry-After': retryAfterHeader(retryMs) };
  if (asksForStream(request)) {
    const body = eventFrame('refused', JSON.stringify({ type: 'refused', reason, retryMs }), { retryMs });
    send(request, response, { status: 200, headers: { ...streamHeaders, ...headers }, body });
  } else sendText(request, response, 503, reason, headers);
}

function asksForStream({ headers }: HttpRequest): boolean {
  const { accept } = headers;
  return typeof accept === 'string' && accept.toLowerCase().includes('text/event-stream');
}
