import { TargetFault } from '../check/errors.ts';
import type { TlsConnection } from '../socket/tlsHandshake.ts';
import { isSecretHeader } from './httpHeaders.ts';
import type { HttpRequest, HttpResponse } from './httpMessage.ts';

/** One request on the way: where it goes, and what it says. */
export interface Hop {
  readonly url: URL;
  readonly request: HttpRequest;
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that belong to a body, and go with it. */
const bodyHeaders: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
]);

/**
 * Returns where a redirect leads (RFC 9110 15.4), undefined where the response is none.
 *
 * Credentials are not sent to another origin, and a POST that is redirected by 301 or 302 becomes a GET, as everywhere.
 *
 * @throws a fault of the target, where the redirect leads nowhere.
 */
function nextHop({ url, request }: Hop, response: HttpResponse, schemes: readonly string[]): Hop | undefined {
  if (!redirects.has(response.status)) return undefined;
  const location = response.headers.location;
  if (location === undefined || !URL.canParse(location, url.href)) {
    throw new TargetFault(`${response.status} without a usable location`);
  }
  const next = new URL(location, url.href);
  if (!schemes.includes(next.protocol) || next.port === '0') {
    throw new TargetFault(`${response.status} to ${next.protocol}, which is not followed`);
  }
  const isSame = next.origin === url.origin;
  const becomesGet = response.status === 303 || (response.status < 303 && request.method === 'POST');
  const method = becomesGet && request.method !== 'HEAD' ? 'GET' : request.method;
  const body = method === request.method ? request.body : undefined;
  const headers = Object.entries(request.headers).filter(
    ([name]) =>
      name !== 'host' && (isSame || !isSecretHeader(name)) && (body === request.body || !bodyHeaders.has(name)),
  );
  return {
    url: next,
    request: { ...request, method, body, path: `${next.pathname}${next.search}`, headers: Object.fromEntries(headers) },
  };
}

/** What one request came to: a response, or a certificate for whose sake none was sent. */
export type Asked =
  | { readonly response: HttpResponse; readonly tls: TlsConnection | undefined }
  | { readonly response: undefined; readonly untrusted: string };

/**
 * Follows redirects from a response on.
 *
 * @param first the request that it answers.
 * @param most how many may be followed; 0 follows none, and judges the first as it is.
 * @param schemes those that may be gone to, as `URL.protocol` has them.
 * @param ask sends the request of a hop over a connection of its own.
 * @returns the last response; its certificate is that of the way which ends first.
 * @throws a fault of the target, where there are more redirects than `most`.
 */
export async function followRedirects(
  first: Hop,
  asked: Asked,
  most: number,
  schemes: readonly string[],
  ask: (hop: Hop) => Promise<Asked>,
): Promise<Asked> {
  if (most === 0) return asked;
  let hop = first;
  let last = asked;
  for (let followed = 0; last.response !== undefined; followed += 1) {
    const next = nextHop(hop, last.response, schemes);
    if (next === undefined) return last;
    if (followed === most) throw new TargetFault(`more than ${most} redirects`);
    const answered = await ask(next);
    last = answered.response === undefined ? answered : { ...answered, tls: firstToEnd(last.tls, answered.tls) };
    hop = next;
  }
  return last;
}

function firstToEnd(one: TlsConnection | undefined, other: TlsConnection | undefined): TlsConnection | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.certificateDays < other.certificateDays ? one : other;
}
