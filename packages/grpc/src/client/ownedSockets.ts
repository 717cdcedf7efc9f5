import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const owner = new AsyncLocalStorage<OwnedSockets>();
let isSubscribed = false;

/** How long a connection that is ready has to say goodbye, in milliseconds. */
const goodbyeMs = 250;

/**
 * The sockets that are opened on behalf of one channel.
 *
 * grpc-js 1.14 forgets a connection that is not ready yet when its channel is closed: a server that accepts and says nothing
 * would keep the socket for ever, and one that does not even accept for minutes (INV-49). Node tells of every socket that a
 * client makes, and in whose call.
 */
export class OwnedSockets {
  readonly #open = new Set<Socket>();

  /** Runs `call`; what is opened by it, and by what it leads to, is owned. */
  during<TResult>(call: () => TResult): TResult {
    if (!isSubscribed) subscribe('net.client.socket', (message) => adopt(message as { socket: Socket }));
    isSubscribed = true;
    return owner.run(this, call);
  }

  own(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** Destroys all: at once, or when a connection that is ready has had time to end in order. */
  close(isReady: boolean): void {
    const destroy = (): void => {
      for (const socket of this.#open) socket.destroy();
    };
    if (isReady) setTimeout(destroy, goodbyeMs).unref();
    else destroy();
  }
}

function adopt({ socket }: { readonly socket: Socket }): void {
  owner.getStore()?.own(socket);
}
