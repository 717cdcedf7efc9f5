import type { CloseReason, Connection, GoawayNotice, Reservation, Session } from '@watchkeeper/core';
import type { WebSocket } from 'ws';
import type { RelayMessage } from './messages.ts';

/** A peer that leaves more than this unread is too slow, in bytes. */
const mostUnreadBytes = 262_144;

/** How long a peer may take to agree to the end, in milliseconds. */
const closeMs = 1_000;

/** Close code and reason of a WebSocket for each way a session ends. */
const closeCodes: Readonly<Record<CloseReason, readonly [code: number, words: string]>> = {
  peer: [1000, ''],
  goaway: [1000, ''],
  replaced: [1000, 'replaced'],
  stopped: [1001, 'relay stopped'],
  failed: [1011, 'failed'],
  stalled: [1013, 'too slow'],
  // Of the codes that applications may give a meaning to.
  forced: [4001, 'goaway timeout'],
};

/** One peer of the relay. The session actor alone tells it to go and alone closes it (INV-25). */
export class Peer implements Connection {
  readonly name: string;
  readonly session: Session;
  readonly #socket: WebSocket;

  constructor(name: string, socket: WebSocket, slot: Reservation) {
    this.name = name;
    this.#socket = socket;
    this.session = slot.open(this);
  }

  /** Whether it takes no new work: it said so itself, or we told it to go (INV-36, INV-37). */
  get isGoing(): boolean {
    return this.session.peerLeaving || this.session.state !== 'open';
  }

  /** Sends a message. A peer that does not read is ended: one slow reader must not fill the relay's memory. */
  tell(message: RelayMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > mostUnreadBytes) this.session.end('stalled');
    else this.#socket.send(JSON.stringify(message));
  }

  goaway({ reason, graceMs, uri }: GoawayNotice): void {
    this.tell({ type: 'goaway', reason, graceMs, ...(uri === undefined ? {} : { uri }) });
  }

  close(reason: CloseReason): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      if (socket.readyState === socket.CLOSED) return resolve();
      const timer = setTimeout(() => socket.terminate(), closeMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(...closeCodes[reason]);
    });
  }
}
