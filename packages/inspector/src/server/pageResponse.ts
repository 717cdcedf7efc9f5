import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFile } from './pageFiles.ts';
import { type RequestGuard, rejectRequest } from './requestGuard.ts';

/** Content security policy of the page: nothing inline, nothing from elsewhere, no frames. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const safetyHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Path of the token, which the page asks for with `access: 'machine'`. */
export const tokenPath = '/token';

/** Response to one request. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};

/** Files of the page, and the rules for who gets them. */
export type Page = {
  readonly guard: RequestGuard;
  readonly files: ReadonlyMap<string, PageFile>;
  /** Whether the page may fetch the token by itself. */
  readonly givesToken: boolean;
};

/** Returns the response to one request. */
export function answer(request: IncomingMessage, { guard, files, givesToken }: Page): Answer {
  const rejection = rejectRequest(request, guard);
  if (rejection !== undefined) return say(rejection.status, rejection.why);
  const path = (request.url ?? '/').replace(/[?#].*$/, '');
  if (path === tokenPath && givesToken) return answerToken(request, guard.token);
  if (files.size === 0) return say(503, 'The page has not been built: run `npm run build`.');
  const file = files.get(path);
  if (file === undefined) return say(404, 'There is nothing here.');
  const { body, contentType, cacheControl } = file;
  return { status: 200, headers: { 'content-type': contentType, 'cache-control': cacheControl }, body };
}

/** Sends the response, without its body for a HEAD request. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...safetyHeaders, ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Gives the token to a script of our own page only: browsers set this header themselves, and no site can forge it. */
function answerToken(request: IncomingMessage, token: string): Answer {
  if (request.headers['sec-fetch-site'] === 'same-origin') return say(200, token);
  return say(403, 'Only the page itself may ask for this.');
}

function say(status: number, line: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: `${line}\n`,
  };
}
