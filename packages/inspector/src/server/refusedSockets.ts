import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '@watchkeeper/core';
import type { Rejection } from './requestGuard.ts';

/** How long a refused client may take to hang up before its socket is destroyed, in milliseconds. */
export const refusedCloseMs = 1_000;

/** Sockets of refused upgrade requests. The HTTP server has let go of them, so nobody else would close them. */
export class RefusedSockets {
  readonly #clock: Clock;
  readonly #open = new Set<Duplex>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers an upgrade request with a refusal and closes its socket, by force if the client does not hang up. */
  refuse(socket: Duplex, { status, why }: Rejection): void {
    const body = `${why}\n`;
    this.#open.add(socket);
    const timer = this.#clock.setTimeout(() => socket.destroy(), refusedCloseMs);
    socket.once('close', () => {
      this.#clock.clearTimeout(timer);
      this.#open.delete(socket);
    });
    // The end of a socket that nobody reads is never seen; and one that is destroyed with bytes unread is reset, and
    // the answer lost with it.
    socket.resume();
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nconnection: close\r\n` +
        `content-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  /** Destroys every socket that is still open. */
  close(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
