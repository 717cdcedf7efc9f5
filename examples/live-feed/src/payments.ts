import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The service that takes the money. It is somebody else's, and away now and then. */
export interface Payments extends AsyncDisposable {
  readonly url: string;
  /** Whether it answers; assigning `false` makes it refuse everybody. */
  isUp: boolean;
}

/** Starts the service on a free port of this machine. */
export async function startPayments(): Promise<Payments> {
  const server = createServer((_request, response) => {
    response.writeHead(payments.isUp ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const payments: Payments = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    isUp: true,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return payments;
}
