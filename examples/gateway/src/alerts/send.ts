import { DeliveryError } from './deliveryError.ts';
import type { AlertRequest } from './destination.ts';

/** Sends one request; settles when the destination has taken it. */
export type Send = (request: AlertRequest, signal: AbortSignal) => Promise<void>;

/** Answers that may be another one in a while; all else from 300 to 499 stays what it is. */
const passing: readonly number[] = [408, 425, 429];

/** Posts an alert. Redirects are not followed: the secrets in headers are meant for one host. */
export const sendByHttp: Send = async ({ url, headers, body }, signal) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'watchkeeper-gateway', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  }).catch((cause: unknown) => {
    throw new DeliveryError(sayCause(cause));
  });
  await response.body?.cancel();
  const { status } = response;
  if (response.ok) return;
  const isFinal = status < 500 && !passing.includes(status);
  throw new DeliveryError(`answered ${status}`, { isFinal, retryAfterMs: retryAfterMs(response.headers) });
};

/** In seconds only: a date is passed over, as two clocks rarely agree. */
function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1_000 : undefined;
}

/** Reason for no answer, by the code of the innermost error: messages may quote the URL. */
function sayCause(cause: unknown): string {
  let innermost = cause;
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause;
  const code = typeof innermost === 'object' && innermost !== null && 'code' in innermost ? innermost.code : undefined;
  return `no answer (${typeof code === 'string' ? code : 'connection failed'})`;
}
