import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { protocolName, tokenPrefix } from '../protocol/subprotocol.ts';

/** Refusal of a request: status code and reason. */
export type Rejection = { readonly status: 401 | 403 | 405 | 421 | 503; readonly why: string };

/** Port and token that every request is checked against. */
export type RequestGuard = {
  readonly port: number;
  readonly token: string;
};

/**
 * Refuses a request that was sent to another name or by another site, or that only reads in name.
 *
 * A foreign `Host` means that a name of somebody else's was made to point at this machine, a foreign `Origin`
 * that a page of somebody else's is asking.
 */
export function rejectRequest(request: IncomingMessage, guard: RequestGuard): Rejection | undefined {
  if (!isOwnHost(request.headers.host, guard.port)) return { status: 421, why: 'This is not the host you asked for.' };
  const { origin } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, guard.port)) {
    return { status: 403, why: 'Another site may not read this page.' };
  }
  const site = request.headers['sec-fetch-site'];
  if (site === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate') {
    return { status: 403, why: 'Another site may not read this page.' };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, why: 'This page is read-only.' };
  return undefined;
}

/** Refuses a WebSocket that is not opened by our own page with the right token. */
export function rejectUpgrade(request: IncomingMessage, guard: RequestGuard): Rejection | undefined {
  const rejection = rejectRequest(request, guard);
  if (rejection !== undefined) return rejection;
  if (request.headers.origin === undefined) return { status: 403, why: 'Only the page itself may connect.' };
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const token = protocols.find((name) => name.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
  if (!protocols.includes(protocolName) || token === undefined || !isSame(token, guard.token)) {
    return { status: 401, why: 'The token is missing or wrong: open the link that the program printed.' };
  }
  return undefined;
}

function isOwnHost(host: string | undefined, port: number): boolean {
  return host !== undefined && ownNames.some((name) => host.toLowerCase() === `${name}:${port}`);
}

function isOwnOrigin(origin: string, port: number): boolean {
  return ownNames.some((name) => origin.toLowerCase() === `http://${name}:${port}`);
}

const ownNames = ['127.0.0.1', 'localhost'];

/** Compares two tokens in constant time. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
