import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An alert as it came over the wire. */
export interface Heard {
  readonly service: 'webhook' | 'ntfy' | 'gotify' | 'slack' | 'unknown';
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Stands in for all services that take alerts. */
export interface Receiver extends AsyncDisposable {
  readonly port: number;
}

const services: Readonly<Record<string, Heard['service']>> = {
  '/hook': 'webhook',
  '/': 'ntfy',
  '/message': 'gotify',
  '/services/T0/B0/secret': 'slack',
};

/**
 * Takes what a webhook, ntfy, gotify and Slack would take, each at its own path.
 *
 * @param hear told of every alert; the status it answers is the service's.
 */
export async function startReceiver(hear: (heard: Heard) => number, port = 0): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    const service = services[request.url ?? ''] ?? 'unknown';
    response.writeHead(hear({ service, headers: request.headers, body: JSON.parse(text) })).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
