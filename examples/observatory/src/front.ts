import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Supervisor } from '@watchkeeper/core';
import { healthRoutes, sseFeed } from '@watchkeeper/http';
import { createHub } from '@watchkeeper/websocket';

/** Where clients and orchestrators ask. */
export interface Front extends AsyncDisposable {
  readonly host: string;
}

/** Serves `/livez` `/readyz` `/startupz` `/health`, the feed of events on `/feed` and the WebSocket hub on `/socket`. */
export async function serveFront(keeper: Supervisor): Promise<Front> {
  const routes = healthRoutes(keeper, { details: () => true });
  const feed = sseFeed(keeper);
  const hub = createHub(keeper, { maxClients: 50 });
  const server = createServer((request, response) => {
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
    async [Symbol.asyncDispose]() {
      await hub.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
