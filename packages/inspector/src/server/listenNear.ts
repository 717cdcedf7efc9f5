import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NoFreePortError } from '../errors.ts';

/** Number of ports that are tried, from the wanted one upwards. */
export const portsTried = 20;

/**
 * Listens on loopback, on `port` or the next free one, and returns the port.
 *
 * @throws {@link NoFreePortError} when {@link portsTried} ports in a row are taken.
 */
export async function listenNear(server: Server, port: number): Promise<number> {
  for (let candidate = port; ; candidate += 1) {
    try {
      await listen(server, candidate);
      return (server.address() as AddressInfo).port;
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) throw cause;
      const isLast = candidate + 1 >= port + portsTried || candidate >= 65_535;
      if (isLast) throw new NoFreePortError(port, candidate, cause);
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
