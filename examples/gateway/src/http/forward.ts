import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';

/** How long an upstream may be silent, in milliseconds. */
const silenceMs = 30_000;

/** Headers that are about one connection and not about the message. */
const ofOneHop = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-connection'];

/** Sends a request on to `to`, and its answer back. An upstream that does not answer is a 502. */
export function forward(request: IncomingMessage, response: ServerResponse, to: URL): void {
  const ask = to.protocol === 'https:' ? requestHttps : requestHttp;
  const upstream = ask(to, {
    method: request.method,
    headers: { ...endToEnd(request.headers), ...forwardedFor(request), host: to.host },
    timeout: silenceMs,
  });
  upstream.on('timeout', () => upstream.destroy(new Error(`silent for ${silenceMs} ms`)));
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    // Whichever side breaks takes the other down with it.
    pipeline(answer, response, () => {});
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end('The upstream did not answer.\n');
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ofOneHop.includes(name) && !named.includes(name)),
  );
}

function forwardedFor({ headers, socket }: IncomingMessage): Record<string, string> {
  const before = headers['x-forwarded-for'];
  const address = socket.remoteAddress ?? 'unknown';
  return {
    'x-forwarded-for': before === undefined ? address : `${String(before)}, ${address}`,
    'x-forwarded-proto': 'http',
    ...(headers.host === undefined ? {} : { 'x-forwarded-host': headers.host }),
  };
}
