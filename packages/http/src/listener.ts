/** The part of a request that a listener needs. Those of `node:http`, `node:http2`, Express and Fastify's `raw` have it. */
export interface HttpRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersionMajor?: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly socket?: { readonly remoteAddress?: string | undefined } | null;
  /** Whether the client went away before its request was read. */
  readonly destroyed?: boolean;
  /** Reads the body of the request away. */
  resume?(): unknown;
}

/** The part of a response that a listener needs. */
export interface HttpResponse {
  readonly destroyed?: boolean;
  /** Whether its status and headers are on their way. */
  readonly headersSent?: boolean;
  /** Whether all of it was handed to the network. HTTP/2 says so by its stream. */
  readonly writableFinished?: boolean;
  readonly stream?: { readonly rstCode?: number | undefined } | null;
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  write(chunk: string | Uint8Array): boolean;
  /** Sends on what a wrapper, such as a compressor, holds back. */
  flush?(): unknown;
  end(): unknown;
  end(body: string): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain' | 'error', listener: () => void): unknown;
}

/**
 * Answers a request, or passes it on: to `next` where there is one, and else with 404. Returns whether it answered.
 *
 * It serves `node:http`, `node:https`, the compatible interface of `node:http2`, and Express.
 */
export type HttpListener = (request: HttpRequest, response: HttpResponse, next?: () => void) => boolean;

/** A complete response as plain data, for any host to send. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @returns the path of a request, without its query. */
export function pathOf({ url = '/' }: Pick<HttpRequest, 'url'>): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** Sends `answer`; a request by HEAD gets the same without the body. */
export function send({ method }: Pick<HttpRequest, 'method'>, response: HttpResponse, answer: HttpAnswer): void {
  const { status, headers, body } = answer;
  response.writeHead(status, { ...headers, 'Content-Length': String(new TextEncoder().encode(body).length) });
  if (method === 'HEAD') response.end();
  else response.end(body);
}

/** Answers with `status` and one line of text. */
export function sendText(
  request: Pick<HttpRequest, 'method'>,
  response: HttpResponse,
  status: number,
  text: string,
  headers: HttpAnswer['headers'] = {},
): void {
  const fixed = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  send(request, response, { status, headers: { ...fixed, ...headers }, body: `${text}\n` });
}

/** Refuses a method other than GET and HEAD. @returns whether it did. */
export function refuseMethod(request: HttpRequest, response: HttpResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  sendText(request, response, 405, 'Method not allowed', { Allow: 'GET, HEAD' });
  return true;
}
