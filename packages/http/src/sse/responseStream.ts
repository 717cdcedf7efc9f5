import { WatchkeeperError } from '@watchkeeper/core';
import type { HttpResponse } from '../listener.ts';

/** A frame was to be sent to a client that has gone. */
export class ClientGoneError extends WatchkeeperError {
  readonly code = 'CLIENT_GONE';

  constructor() {
    super('The client of this stream has gone');
  }
}

/**
 * Ordered writer to the response of one client, with back-pressure; writes nothing after the end.
 *
 * Node itself drops a write after the end in silence, or with an error that kills the process, as the transport has it.
 */
export class ResponseStream {
  readonly #response: HttpResponse;
  /** Resolves when the connection has gone, whoever ended it. */
  readonly closed: Promise<void>;
  #state: 'open' | 'ending' | 'closed' = 'open';
  #full = false;
  #waiting: (() => void) | undefined;

  constructor(response: HttpResponse) {
    this.#response = response;
    this.closed = new Promise((resolve) => {
      response.on('close', () => {
        this.#state = 'closed';
        resolve();
      });
    });
    response.on('drain', () => {
      this.#full = false;
      this.#waiting?.();
      this.#waiting = undefined;
    });
    // A close follows; without a listener the error would end the process.
    response.on('error', () => {});
  }

  /**
   * Sends `frame`; settles when there is room for more, and never if the client goes before. One at a time.
   * @throws {@link ClientGoneError} when the stream has ended.
   */
  send(frame: string): void | Promise<void> {
    if (this.#state !== 'open') throw new ClientGoneError();
    if (this.#response.write(frame)) return;
    this.#full = true;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /**
   * Sends `frame`; settles when all of it is with the host's network, and never if the client goes before.
   * @throws {@link ClientGoneError} when the stream has ended.
   */
  flush(frame: string): Promise<void> {
    if (this.#state !== 'open') throw new ClientGoneError();
    return new Promise((resolve) => {
      this.#response.write(frame, (cause) => {
        if (cause == null) resolve();
      });
    });
  }

  /** Sends `frame` if there is room: to a client that does not read, nothing is piled up. */
  offer(frame: string): void {
    if (this.#state === 'open' && !this.#full) this.#full = !this.#response.write(frame);
  }

  /** Ends the stream after what was sent; settles when it has gone. */
  finish(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'ending';
      this.#response.end();
    }
    return this.closed;
  }

  /** Ends the connection at once, sent or not; settles when it has gone. */
  cut(): Promise<void> {
    if (this.#state !== 'closed') {
      this.#state = 'ending';
      this.#response.destroy();
    }
    return this.closed;
  }
}
