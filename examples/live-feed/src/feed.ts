import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, defineProbe, type Supervisor } from '@watchkeeper/core';
import { healthRoutes, sseFeed } from '@watchkeeper/http';
import { httpProbe } from '@watchkeeper/probes/http';
import { createHub, type Hub, type SnapshotFeed } from '@watchkeeper/websocket';
import { pageRoutes } from './pages.ts';
import type { Payments } from './payments.ts';
import type { Shop } from './shop.ts';

/** Options of a feed. */
export interface FeedOptions {
  readonly shop: Shop;
  readonly payments: Payments;
  readonly port: number;
  /** WebSocket clients at once. */
  readonly maxClients: number;
}

/** A running feed. */
export interface Feed extends AsyncDisposable {
  readonly keeper: Supervisor;
  readonly hub: Hub;
  /** Touch it when the shop's books have changed. */
  readonly figures: SnapshotFeed;
  readonly url: string;
}

/** Serves the page, the WebSocket hub on `/socket`, server-sent events on `/events` and the health routes. */
export async function startFeed({ shop, payments, port, maxClients }: FeedOptions): Promise<Feed> {
  const keeper = createSupervisor({ name: 'live-feed', monitor: { intervalMs: 1_000, timeoutMs: 800 } });
  keeper.monitor('payments', httpProbe({ url: payments.url }), { requiredFor: [], alertAfter: 3 });
  keeper.monitor('shop', shopProbe(shop));

  const hub = createHub(keeper, {
    maxClients,
    // Orders are every one of them told, so a client that falls behind is ended; its next visit begins afresh.
    maxQueuedFrames: 64,
    batchMs: 250,
    // A client that reads nothing answers no ping either.
    pingIntervalMs: 1_000,
    pongTimeoutMs: 1_000,
    allowOrigin: (origin, { headers }) => origin === undefined || origin === `http://${headers.host}`,
  });
  // Of the figures only the latest matter: a client that is slow misses editions, and nothing else.
  const figures = hub.snapshots(
    'figures',
    { edition: () => ({ epoch: 'today', revision: shop.revision }), build: () => shop.figures },
    { minIntervalMs: 500 },
  );

  const page = pageRoutes();
  const health = healthRoutes(keeper, { details: () => true });
  const events = sseFeed(keeper);
  const server = createServer((request, response) => {
    if (page(request, response)) return;
    if (request.url === '/events') events(request, response);
    else health(request, response);
  });
  hub.attach(server, '/socket');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  keeper.start();
  return {
    keeper,
    hub,
    figures,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      await keeper.stop();
      await hub.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A shop that sends every other customer away is open, but not well. */
const shopProbe = (shop: Shop) =>
  defineProbe('declined orders', async () => {
    const { declinedLately } = shop.figures;
    const detail = `${Math.round(declinedLately * 100)} % of the last orders were declined`;
    return declinedLately < 0.5
      ? { status: 'pass', measured: { declinedLately } }
      : { status: 'warn', detail, measured: { declinedLately } };
  });
