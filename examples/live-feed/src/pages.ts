import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

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
  ...['page', 'screen', 'socketFeed', 'eventFeed'].map((name) => ({
    path: `/${name}.js`,
    from: new URL(`${name}.js`, compiled),
    type: 'text/javascript',
  })),
];

/** Serves the page out of memory; answers whether the request was for a part of it. */
export function pageRoutes(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const parts = new Map(files.map(({ path, from, type }) => [path, { body: readFileSync(from), type }]));
  return (request, response) => {
    const part = parts.get((request.url ?? '').split('?', 1).join());
    if (part === undefined || request.method !== 'GET') return false;
    response.writeHead(200, { ...headers, 'content-type': `${part.type}; charset=utf-8` }).end(part.body);
    return true;
  };
}
