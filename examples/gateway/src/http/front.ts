import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Supervisor } from '@watchkeeper/core';
import { drainHttpServer, healthRoutes, sseFeed } from '@watchkeeper/http';
import type { DestinationStatus } from '../alerts/desk.ts';
import type { Config } from '../config/schema.ts';
import { forward } from './forward.ts';
import { Upstreams } from './upstreams.ts';

/** Options of a front. */
export interface FrontInput {
  readonly keeper: Supervisor;
  /** The configuration of this moment. */
  readonly config: () => Config;
  readonly destinations: () => readonly DestinationStatus[];
}

/** The HTTP server that people, orchestrators and the clients of upstreams ask. */
export interface Front {
  readonly url: string;
  /** Resolves when the server has closed, which the supervisor's drain brings about. */
  readonly closed: Promise<void>;
}

/**
 * Serves `/livez`, `/readyz`, `/startupz`, `/health`, the feed of events on `/feed`, lists on `/routes` and `/alerts`, and
 * whatever routes ask to have passed on. It shows every target to whoever reaches it, so it listens on loopback unless
 * the configuration says otherwise.
 */
export async function serveFront({ keeper, config, destinations }: FrontInput): Promise<Front> {
  const feed = sseFeed(keeper);
  const health = healthRoutes(keeper, { details: () => true });
  const upstreams = new Upstreams(keeper);
  const lists: Readonly<Record<string, () => unknown>> = {
    '/routes': () => keeper.statuses(),
    '/alerts': destinations,
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/';
    const path = target.split('?', 1)[0] ?? target;
    const list = Object.hasOwn(lists, path) ? lists[path] : undefined;
    if (path === '/feed') feed(request, response);
    else if (list !== undefined) sendJson(response, list());
    else health(request, response, () => passOn(request, response, target));
  }

  function passOn(request: IncomingMessage, response: ServerResponse, target: string): void {
    const upstream = upstreams.find(config(), target);
    if (upstream === undefined) response.writeHead(404, plain).end('No route answers here.\n');
    else if (upstream.to !== undefined) forward(request, response, upstream.to);
    else response.writeHead(503, { ...plain, 'retry-after': '5' }).end(`${upstream.route} is not well.\n`);
  }

  const server = createServer(answer);
  const { closed } = drainHttpServer(server, keeper);
  const { host, port } = config().listen;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, closed };
}

const plain = { 'content-type': 'text/plain' };

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value, null, 2));
}
