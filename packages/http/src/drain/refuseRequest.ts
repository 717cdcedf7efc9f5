import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { Refusal } from '@watchkeeper/core';
import { retryAfterHeader } from '@watchkeeper/core/adapters';

/** The headers of a refusal. */
export const refusalHeaders = (refusal: Refusal) => ({
  'retry-after': retryAfterHeader(refusal.retryAfterMs),
  'content-length': Buffer.byteLength(refusalText(refusal)),
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
});

const texts: Readonly<Record<Refusal['reason'], string>> = {
  draining: 'Going away, try again elsewhere',
  capacity: 'Full, try again later',
  overload: 'Too much to do, try again later',
};

/** Its body. */
export const refusalText = ({ reason }: Refusal) => `${texts[reason]}\n`;

/** Answers a request on a connection without a slot with 503 and when to try again. */
export function refuseRequest(response: ServerResponse | Http2ServerResponse, refusal: Refusal): void {
  response.writeHead(503, refusalHeaders(refusal));
  response.end(refusalText(refusal));
}

/** The same on a stream of HTTP/2. */
export function refuseStream(stream: ServerHttp2Stream, refusal: Refusal): void {
  // A close follows; without a listener the error would end the process.
  stream.on('error', () => {});
  if (stream.destroyed) return;
  stream.respond({ ':status': 503, ...refusalHeaders(refusal) });
  stream.end(refusalText(refusal));
  stream.resume();
}
