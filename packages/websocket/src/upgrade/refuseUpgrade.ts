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
  /** Further headers, such as which version is understood. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it was the supervisor that refused, and has counted it. */
  readonly counted?: boolean;
  /** What a hook of the hub's options threw. Not told to the client. */
  readonly cause?: unknown;
}

/** The part of an upgrade request that decides how a wrong one is refused. */
export interface HandshakeRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The versions of the protocol that `ws` understands (RFC 6455, 4.4). */
const versions = ['13', '8'];

/** @returns the status of a wrong handshake, and the header that names what would be right. */
function wrongIn(request: HandshakeRequest | undefined): Pick<Refused, 'status' | 'headers'> {
  if (request === undefined) return { status: 400 };
  if (request.method !== 'GET') return { status: 405, headers: { Allow: 'GET' } };
  const isUnderstood = versions.includes(String(request.headers['sec-websocket-version']));
  return { status: 400, ...(isUnderstood ? {} : { headers: { 'Sec-WebSocket-Version': versions.join(', ') } }) };
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
  handshake: (text: string, request?: HandshakeRequest): Refused => ({
    reason: 'handshake',
    text,
    ...wrongIn(request),
  }),
  failed: (cause: unknown): Refused => ({ reason: 'failed', status: 500, text: 'The handshake failed', cause }),
};

/** Refuses an upgrade request in plain HTTP and lets go of its socket. */
export function refuseUpgrade(
  socket: Duplex,
  { status, text, retryAfterMs, headers = {} }: Pick<Refused, 'status' | 'text' | 'retryAfterMs' | 'headers'>,
  { clock, closeTimeoutMs }: { readonly clock: Clock; readonly closeTimeoutMs: number },
): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(retryAfterMs === undefined ? [] : [`Retry-After: ${retryAfterHeader(retryAfterMs)}`]),
  ];
  // A socket that is destroyed with bytes unread is reset, and the answer lost with it: read what the client
  // still sends, and let it hang up first.
  socket.resume();
  const timer = clock.setTimeout(() => socket.destroy(), closeTimeoutMs);
  socket.once('close', () => clock.clearTimeout(timer));
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
