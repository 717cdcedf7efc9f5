import type { Reservation } from '@watchkeeper/core';
import type { WebSocket } from 'ws';
import { readMessage } from './messages.ts';
import { Peer } from './peer.ts';
import { Tracks } from './tracks.ts';

/** How long a peer may take to say hello, in milliseconds. */
const helloMs = 5_000;

/** Lets peers in, and sweeps out what they leave behind. */
export class Reception {
  readonly #tracks = new Tracks();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Until it says hello a peer is nobody, and holds no more than its slot. */
  greet(socket: WebSocket, slot: Reservation): void {
    let peer: Peer | undefined;
    const timer = setTimeout(() => socket.close(4000, 'no hello'), helloMs);
    socket.on('message', (received) => {
      const message = readMessage(String(received));
      if (message === undefined) return;
      if (peer !== undefined) {
        this.#tracks.take(peer, message);
      } else if (message.type === 'hello') {
        clearTimeout(timer);
        peer = this.#admit(message.name, socket, slot);
      }
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(timer);
      peer?.session.end();
    });
  }

  /** One that says hello while we drain is told to go in the same breath. */
  #admit(name: string, socket: WebSocket, slot: Reservation): Peer {
    const peer = new Peer(name, socket, slot);
    this.#say(peer.session.state === 'draining' ? `${name} came late` : `${name} came`);
    peer.tell({ type: 'welcome' });
    void peer.session.closed.then((reason) => {
      this.#tracks.forget(peer);
      this.#say(`${name} went: ${reason} (${this.#tracks.size} tracks left)`);
    });
    return peer;
  }
}
