import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerConnection } from './serverConnection.ts';

/**
 * One HTTP/1.1 connection. Told to go, it answers what it was asked with `Connection: close`; one that was asked
 * nothing, or that has not got its request together, closes at once.
 */
export class Http1Connection implements ServerConnection {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #responses = new Set<ServerResponse>();
  #release: () => void = () => {};
  #state: 'open' | 'last' | 'leaving' | 'released' = 'open';

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      this.#release = resolve;
      socket.once('close', resolve);
    });
  }

  /** Counts a request as begun, until its response is over. */
  begin(response: ServerResponse): void {
    this.#responses.add(response);
    if (this.#state !== 'open') sayLast(response);
    response.once('close', () => {
      this.#responses.delete(response);
      this.#closeIfIdle();
    });
  }

  /** Gives the connection out of hand: it speaks another protocol now, and whoever made it do so ends it. */
  release(): void {
    this.#state = 'released';
    this.#release();
  }

  serveOnce(): void {
    if (this.#state === 'open') this.#state = 'last';
    for (const response of this.#responses) sayLast(response);
  }

  leave(): void {
    if (this.#state === 'released') return;
    this.#state = 'leaving';
    for (const response of this.#responses) sayLast(response);
    this.#closeIfIdle();
  }

  goaway(): void {
    this.leave();
  }

  close(): Promise<void> {
    if (this.#state !== 'released') this.#socket.destroy();
    return this.closed;
  }

  #closeIfIdle(): void {
    if (this.#state === 'leaving' && this.#responses.size === 0) this.#socket.destroySoon();
  }
}

function sayLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
