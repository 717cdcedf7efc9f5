import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands before the instances and is told of each. */
export interface Balancer extends AsyncDisposable {
  readonly port: number;
  /** Sends new connections to `ports`, in turn, once it settles. */
  use(ports: readonly number[]): Promise<void>;
}

/** Starts a proxy of bytes that never tries anything twice: what happens to one end happens to the other. */
export async function startForwarder(): Promise<Balancer> {
  let ports: readonly number[] = [];
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
    async use(given) {
      ports = [...given];
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
