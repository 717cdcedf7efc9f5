import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy of bytes that never tries anything twice: what happens to one end happens to the other. */
export interface Forwarder extends AsyncDisposable {
  readonly port: number;
  /** Ports that new connections go to, in turn. */
  readonly ports: number[];
}

/** Starts a {@link Forwarder} on a free port. */
export async function startForwarder(): Promise<Forwarder> {
  const ports: number[] = [];
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    turn += 1;
    const far = connect({ port: ports[turn % ports.length] ?? 0, host: '127.0.0.1', allowHalfOpen: true });
    for (const [here, there] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(here);
      here.once('error', () => there.resetAndDestroy());
      here.once('close', () => sockets.delete(here));
      here.pipe(there);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ports,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
