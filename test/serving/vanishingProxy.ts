import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands between clients and a server, until it lets both sides believe in a connection that carries nothing more. */
export interface VanishingProxy {
  readonly port: number;
  /** From now on not a byte goes through, no end and no reset either: as when a cable is pulled. */
  vanish(): void;
}

/** Starts a proxy on loopback; it ends with the test. */
export async function startVanishingProxy(upstream: number): Promise<VanishingProxy> {
  const sockets = new Set<Socket>();
  let carries = true;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = connect({ port: upstream, host: '127.0.0.1', allowHalfOpen: true });
    link(client, target);
    link(target, client);
  });

  function link(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on('data', (chunk) => to.write(chunk));
    from.on('end', () => carries && to.end());
    from.on('close', () => carries && to.destroy());
    from.on('error', () => {});
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    vanish() {
      carries = false;
      for (const socket of sockets) socket.pause();
    },
  };
}
