import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Desk } from './desk.ts';
import type { Routes } from './front.ts';

/** Nothing inline, nothing from elsewhere, and nobody may frame it. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const written = new URL('../page/', import.meta.url);
const compiled = new URL('../dist/page/', import.meta.url);

const files = [
  { path: '/', from: new URL('index.html', written), type: 'text/html' },
  { path: '/style.css', from: new URL('style.css', written), type: 'text/css' },
  { path: '/icon.svg', from: new URL('icon.svg', written), type: 'image/svg+xml' },
  ...['page', 'screen'].map((name) => ({
    path: `/${name}.js`,
    from: new URL(`${name}.js`, compiled),
    type: 'text/javascript',
  })),
];

const mostBytes = 1_024;

/** Serves the desk's page and takes its orders on `/desk`; answers whether a request was for it. */
export function deskRoutes(desk: Desk): Routes {
  const parts = new Map(files.map(({ path, from, type }) => [path, { body: readFileSync(from), type }]));
  return (request, response) => {
    const part = parts.get(request.url ?? '');
    const isOrder = request.url === '/desk' && request.method === 'POST';
    if (!isOrder && request.method !== 'GET') return false;
    if (isOrder && isForeign(request)) response.writeHead(403, headers).end();
    else if (isOrder) void obey(desk, request, response);
    else if (request.url === '/desk') sendJson(response, desk.view);
    else if (request.url === '/inspector') response.writeHead(302, { ...headers, location: desk.inspectorUrl }).end();
    else if (part === undefined) return false;
    else response.writeHead(200, { ...headers, 'content-type': `${part.type}; charset=utf-8` }).end(part.body);
    return true;
  };
}

async function obey(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { key, target } = await readOrder(request).catch(() => ({ key: undefined, target: undefined }));
  const said = await desk.pull(key, target);
  if (said === undefined) response.writeHead(400, headers).end();
  else sendJson(response, { said, ...desk.view });
}

async function readOrder(request: IncomingMessage): Promise<{ key?: unknown; target?: unknown }> {
  let text = '';
  for await (const piece of request) {
    text += String(piece);
    if (text.length > mostBytes) return {};
  }
  const order: unknown = JSON.parse(text);
  return typeof order === 'object' && order !== null ? order : {};
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Any page of the web could send an order here; only ours has our own origin, under a name of this machine. */
function isForeign({ headers: { host = '', origin } }: IncomingMessage): boolean {
  return !/^(127\.0\.0\.1|localhost):\d+$/.test(host) || origin !== `http://${host}`;
}
