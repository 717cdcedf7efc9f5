import type { Socket } from 'node:net';
import { type buildConnector, Client, type Dispatcher, errors } from 'undici';
import { TargetFault } from '../check/errors.ts';

/** Made once: undici would otherwise make several errors, each with its stack, for every socket that is closed. */
export const ended = new errors.InformationalError('the check has ended');

/** A client of undici that speaks over the sockets it is given, one after the other. */
export class HttpClient {
  readonly #client: Client;
  #given: Socket | undefined;
  #engaged = false;

  /** @param keepAliveMs how long a socket may lie idle between two questions. */
  constructor(origin: string | URL, keepAliveMs: number) {
    this.#client = new Client(origin, {
      // The socket is dialled by us, so that its address is guarded and an abort can close it at any stage.
      connect: (_options, callback) => this.#handOver(callback),
      // There is one deadline, and it is the attempt's.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: Math.max(1, keepAliveMs),
      keepAliveMaxTimeout: Math.max(1, keepAliveMs),
    });
    this.#client.on('disconnect', () => {
      this.#engaged = false;
    });
  }

  /** Whether undici still holds the socket it was given. */
  get engaged(): boolean {
    return this.#engaged;
  }

  /** Lets the next questions be asked over `socket`, which is connected already. */
  give(socket: Socket): void {
    this.#given = socket;
    this.#engaged = true;
  }

  ask(question: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(question, handler);
  }

  /** Gives up whatever it was asked. */
  destroy(): void {
    this.#client.destroy(ended, () => undefined);
  }

  #handOver(callback: buildConnector.Callback): void {
    const socket = this.#given;
    this.#given = undefined;
    // Undici misses a socket that is there before it has asked.
    if (socket) process.nextTick(callback, null, socket);
    else callback(new TargetFault('connection closed'), null);
  }
}
