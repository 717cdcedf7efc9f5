import type { HttpListener, HttpRequest, HttpResponse } from '../listener.ts';

/** Headers by name, as frameworks hold them. */
export type HeadersSet = Iterable<readonly [name: string, value: string | number | readonly string[] | undefined]>;

/** These describe a body or a connection, and only who sends that knows them. */
const ofTheBody = new Set(['content-length', 'content-encoding', 'content-type', 'transfer-encoding', 'etag']);

/**
 * Calls `listener`, whose answer also bears the headers that the framework has set so far, such as CORS, cookies and
 * request ids. The listener's own win. A request that it passes on is left as it was.
 *
 * @param headersSet read when the answer begins.
 */
export function callKeepingHeaders(
  listener: HttpListener,
  request: HttpRequest,
  response: HttpResponse,
  headersSet: () => HeadersSet,
  next: (() => void) | undefined,
): boolean {
  const { writeHead } = response;
  // Another wrapper, such as a compressor's, may stand on the response itself.
  const own = Object.getOwnPropertyDescriptor(response, 'writeHead');
  const restore = () => {
    if (own === undefined) Reflect.deleteProperty(response, 'writeHead');
    else Object.defineProperty(response, 'writeHead', own);
  };
  const writeAll = (status: number, headers: Readonly<Record<string, string>>) => {
    restore();
    const ours = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const kept = [...headersSet()].filter(
      ([name, value]) => value !== undefined && !ours.has(name.toLowerCase()) && !ofTheBody.has(name.toLowerCase()),
    );
    // Hosts take lists of values too, as for cookies.
    const all = { ...Object.fromEntries(kept), ...headers } as Record<string, string>;
    return writeHead.call(response, status, all);
  };
  Object.defineProperty(response, 'writeHead', { value: writeAll, configurable: true, writable: true });
  // What is passed on must find the host's own way to begin.
  const passOn = () => {
    restore();
    next?.();
  };
  const answers = listener(request, response, next === undefined ? undefined : passOn);
  if (!answers) restore();
  return answers;
}
