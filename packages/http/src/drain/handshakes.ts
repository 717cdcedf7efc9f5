import type { Socket } from 'node:net';
import type { Clock } from '@watchkeeper/core';
import { listenFirst } from './listenFirst.ts';
import type { DrainableServer } from './serverProtocols.ts';

/** The connections of a TLS server whose handshake is not done: the server waits for them, and nobody else knows them. */
export class Handshakes {
  readonly #pending = new Map<string, { readonly socket: Socket; readonly since: number }>();
  readonly #detachments: readonly (() => void)[];
  readonly #clock: Clock;
  readonly #maxMs: number;
  #ending = false;

  /** @param maxMs how long a handshake may take once {@link Handshakes.end} was called. */
  constructor(server: DrainableServer, clock: Clock, maxMs: number) {
    this.#clock = clock;
    this.#maxMs = maxMs;
    this.#detachments = [
      listenFirst(server, 'connection', (socket: Socket) => this.#add(socket)),
      listenFirst(server, 'secureConnection', (socket: Socket) => this.#pending.delete(nameOf(socket))),
    ];
  }

  /** Gives every handshake, and each that begins later, `maxMs` from its beginning, and destroys who takes longer. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    for (const name of this.#pending.keys()) this.#limit(name);
  }

  detach(): void {
    for (const detach of this.#detachments) detach();
  }

  #add(socket: Socket): void {
    const name = nameOf(socket);
    const entry = { socket, since: this.#clock.now() };
    this.#pending.set(name, entry);
    socket.once('close', () => {
      if (this.#pending.get(name) === entry) this.#pending.delete(name);
    });
    if (this.#ending) this.#limit(name);
  }

  #limit(name: string): void {
    const entry = this.#pending.get(name);
    if (entry === undefined) return;
    const { socket, since } = entry;
    const timer = this.#clock.setTimeout(
      () => {
        if (this.#pending.get(name) === entry) socket.destroy();
      },
      Math.max(0, since + this.#maxMs - this.#clock.now()),
    );
    socket.once('close', () => this.#clock.clearTimeout(timer));
  }
}

/** The socket of TLS and the one below it are two, but have the same peer. */
function nameOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
