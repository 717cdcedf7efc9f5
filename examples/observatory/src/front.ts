import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Supervisor } from '@watchkeeper/core';
import { healthRoutes, sseFeed } from '@watchkeeper/http';
import { createHub } from '@watchkeeper/websocket';

/** Answers a request, or says that it is not for it. */
export type Routes = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The HTTP server that clients and orchestrators ask. */
export interface Front extends AsyncDisposable {
  readonly host: string;
  /** Adds routes to those that are there. */
  add(routes: Routes): void;
  /** Sends the clients of a scope more than a connection holds. */
  weighDown(scope: string): void;
}

/** More than the buffers of a connection on one machine take, in pieces of 64 KiB. */
const ballastPieces = 100;
const ballast = 'x'.repeat(65_536);

/** Serves `/livez` `/readyz` `/startupz` `/health`, the feed of events on `/feed` and the WebSocket hub on `/socket`. */
export async function serveFront(keeper: Supervisor): Promise<Front> {
  const added: Routes[] = [];
  const routes = healthRoutes(keeper, { details: () => true });
  const feed = sseFeed(keeper);
  const hub = createHub(keeper, {
    authenticate: ({ url = '' }: IncomingMessage) => {
      const scope = new URLSearchParams(url.split('?')[1]).get('scope');
      return scope === null ? {} : { scope };
    },
    notifier: { stallAfterMs: 3_000, evictAfterMs: 10_000 },
  });
  const server = createServer((request, response) => {
    if (added.some((answers) => answers(request, response))) return;
    if (request.url === '/feed') feed(request, response);
    else routes(request, response);
  });
  hub.attach(server, '/socket');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (more) => added.push(more),
    weighDown: (scope) => {
      for (let piece = 0; piece < ballastPieces; piece += 1) hub.publish('ballast', ballast, { scope });
    },
    async [Symbol.asyncDispose]() {
      await hub.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
