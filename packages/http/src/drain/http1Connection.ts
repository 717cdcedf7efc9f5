import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerConnection } from './serverConnection.ts';

/**
 * One HTTP/1.1 connection. At a goaway it answers open requests with `Connection: close`; without one, or with a request
 * that is not complete, it closes at once.
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
    if (this.#state !== 'open') announceClose(response);
    response.once('close', () => {
      this.#responses.delete(response);
      this.#closeIfIdle();
    });
  }

  /** Releases the connection after an upgrade: whoever took it over ends it. */
  release(): void {
    this.#state = 'released';
    this.#release();
  }

  serveOnce(): void {
    if (this.#state === 'open') this.#state = 'last';
    for (const response of this.#responses) announceClose(response);
  }

  leave(): void {
    if (this.#state === 'released') return;
    this.#state = 'leaving';
    for (const response of this.#responses) announceClose(response);
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

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
