import { WatchkeeperError } from '@watchkeeper/core';
import type { HttpResponse } from './listener.ts';

/** Something was to be sent to a client that has gone. */
export class ClientGoneError extends WatchkeeperError {
  readonly code = 'CLIENT_GONE';

  constructor() {
    super('The client of this stream has gone');
  }
}

/** A delivery that waits for room in the client's socket. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * The response to one client, guarded: nothing is written after its end, and a full socket is waited for.
 *
 * Node itself drops a write after the end in silence, or with an error that kills the process, as the transport has it.
 */
export class SseStream {
  readonly #response: HttpResponse;
  /** Resolves when the connection has gone, whoever ended it. */
  readonly closed: Promise<void>;
  #state: 'open' | 'ending' | 'closed' = 'open';
  #full = false;
  #waiting: Waiting | undefined;

  constructor(response: HttpResponse) {
    this.#response = response;
    this.closed = new Promise((resolve) => {
      response.on('close', () => {
        this.#state = 'closed';
        this.#waiting?.reject(new ClientGoneError());
        resolve();
      });
    });
    response.on('drain', () => {
      this.#full = false;
      this.#waiting?.resolve();
      this.#waiting = undefined;
    });
    // The close follows and says all; without a listener the error would end the process.
    response.on('error', () => {});
  }

  /**
   * Sends `frame`; settles when there is room for more. One at a time.
   * @throws {@link ClientGoneError} when the stream has ended.
   */
  send(frame: string): void | Promise<void> {
    if (this.#state !== 'open') throw new ClientGoneError();
    if (this.#response.write(frame)) return;
    this.#full = true;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /**
   * Sends `frame`; settles when all of it is with the host's network.
   * @throws {@link ClientGoneError} when the stream has ended.
   */
  flush(frame: string): Promise<void> {
    if (this.#state !== 'open') throw new ClientGoneError();
    return new Promise((resolve, reject) => {
      this.#response.write(frame, resolve);
      void this.closed.then(() => reject(new ClientGoneError()));
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
