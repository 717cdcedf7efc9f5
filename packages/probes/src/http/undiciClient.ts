import type { Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher, errors } from 'undici';
import { TargetFault } from '../check/errors.ts';

/** Made once: undici would otherwise make several errors, each with its stack, for every socket that is closed. */
export const checkEnded = new errors.InformationalError('the check has ended');

/** An undici client over the sockets it is given, one after the other. */
export class UndiciClient {
  readonly #client: Client;
  #nextSocket: Socket | undefined;
  #holdsSocket = false;

  /** @param keepAliveMs how long a socket may be idle between two requests. */
  constructor(origin: string | URL, keepAliveMs: number) {
    this.#client = new Client(origin, {
      // The socket is dialled by us, so that its address is guarded and an abort can close it at any time.
      connect: (_options, callback) => this.#handOver(callback),
      // There is one deadline, and it is the check's.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: Math.max(1, keepAliveMs),
      keepAliveMaxTimeout: Math.max(1, keepAliveMs),
    });
    this.#client.on('disconnect', () => {
      this.#holdsSocket = false;
    });
  }

  /** Whether undici still holds the socket it was given. */
  get holdsSocket(): boolean {
    return this.#holdsSocket;
  }

  /** Sends the next requests over `socket`, which is connected already. */
  useSocket(socket: Socket): void {
    this.#nextSocket = socket;
    this.#holdsSocket = true;
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(request, handler);
  }

  /** Ends the client and fails the request under way. */
  destroy(): void {
    this.#client.destroy(checkEnded, () => undefined);
  }

  #handOver(callback: buildConnector.Callback): void {
    const socket = this.#nextSocket;
    this.#nextSocket = undefined;
    // Undici misses a socket that is there before it has asked.
    if (socket) process.nextTick(callback, null, socket);
    else callback(new TargetFault('connection closed'), null);
  }
}
