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
  #whenNone: () => void = () => {};

  /** @param maxMs how long a handshake may take once {@link Handshakes.end} was called. */
  constructor(server: DrainableServer, clock: Clock, maxMs: number) {
    this.#clock = clock;
    this.#maxMs = maxMs;
    this.#detachments = [
      listenFirst(server, 'connection', (socket: Socket) => this.#add(socket)),
      listenFirst(server, 'secureConnection', (socket: Socket) => this.#remove(nameOf(socket))),
    ];
  }

  /** Gives every handshake, and each that begins later, `maxMs` from its beginning, and destroys who takes longer. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    for (const name of this.#pending.keys()) this.#limit(name);
  }

  /** Calls `done` when none is under way: at once, or with the end of the last. */
  whenNone(done: () => void): void {
    if (this.#pending.size === 0) done();
    else this.#whenNone = done;
  }

  detach(): void {
    for (const detach of this.#detachments) detach();
  }

  #add(socket: Socket): void {
    const name = nameOf(socket);
    const entry = { socket, since: this.#clock.now() };
    this.#pending.set(name, entry);
    socket.once('close', () => {
      if (this.#pending.get(name) === entry) this.#remove(name);
    });
    if (this.#ending) this.#limit(name);
  }

  #remove(name: string): void {
    // Once whoever it belongs to knows the connection: this listener comes before all others.
    if (this.#pending.delete(name) && this.#pending.size === 0) setImmediate(() => this.#reportNone());
  }

  #reportNone(): void {
    if (this.#pending.size === 0) this.#whenNone();
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
