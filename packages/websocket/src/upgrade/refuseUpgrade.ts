import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, RefusalReason } from '@watchkeeper/core';
import { retryAfterHeader } from '@watchkeeper/core/adapters';

/** Reason of a refused upgrade. `capacity`, `overload`, `draining` and `timeout` invite the client to try again. */
export type UpgradeRefusal = RefusalReason | 'timeout' | 'origin' | 'unauthorized' | 'handshake' | 'failed';

/** A refusal of one upgrade request, and what its client is told. */
export interface Refused {
  readonly reason: UpgradeRefusal;
  readonly status: number;
  /** Body of the response: one line. */
  readonly text: string;
  /** When trying again may help, in milliseconds; sent in whole seconds. */
  readonly retryAfterMs?: number;
  /** Whether it was the supervisor that refused, and has counted it. */
  readonly counted?: boolean;
  /** What a hook of the hub's options threw. Not told to the client. */
  readonly cause?: unknown;
}

/** The refusals of a hub, by reason. */
export const refusals = {
  capacity: (retryAfterMs: number): Refused => ({
    reason: 'capacity',
    status: 503,
    text: 'WebSocket connections at capacity, retry later',
    retryAfterMs,
  }),
  overload: (retryAfterMs: number): Refused => ({
    reason: 'overload',
    status: 503,
    text: 'Too much to do, retry later',
    retryAfterMs,
  }),
  draining: (retryAfterMs: number): Refused => ({
    reason: 'draining',
    status: 503,
    text: 'Shutting down, retry elsewhere',
    retryAfterMs,
  }),
  timeout: (retryAfterMs: number): Refused => ({
    reason: 'timeout',
    status: 503,
    text: 'Authentication took too long, retry later',
    retryAfterMs,
  }),
  origin: (): Refused => ({ reason: 'origin', status: 403, text: 'Origin not allowed' }),
  unauthorized: (): Refused => ({ reason: 'unauthorized', status: 401, text: 'Not authenticated' }),
  handshake: (text: string): Refused => ({ reason: 'handshake', status: 400, text }),
  failed: (cause: unknown): Refused => ({ reason: 'failed', status: 500, text: 'The handshake failed', cause }),
};

/** Refuses an upgrade request in plain HTTP and lets go of its socket. */
export function refuseUpgrade(
  socket: Duplex,
  { status, text, retryAfterMs }: Pick<Refused, 'status' | 'text' | 'retryAfterMs'>,
  { clock, closeTimeoutMs }: { readonly clock: Clock; readonly closeTimeoutMs: number },
): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...(retryAfterMs === undefined ? [] : [`Retry-After: ${retryAfterHeader(retryAfterMs)}`]),
  ];
  // A socket that is destroyed with bytes unread is reset, and the answer lost with it: read what the client
  // still sends, and let it hang up first.
  socket.resume();
  const timer = clock.setTimeout(() => socket.destroy(), closeTimeoutMs);
  socket.once('close', () => clock.clearTimeout(timer));
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
