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
  /** Resolves when all of it was handed to the network; never if the client went before. */
  readonly #finished: Promise<void>;
  #state: 'open' | 'ending' | 'closed' = 'open';
  #full = false;
  #waiting: (() => void) | undefined;

  constructor(response: HttpResponse) {
    this.#response = response;
    // First, so that who waits for the last frame hears of it before whoever waits for the end.
    this.#finished = new Promise((resolve) => {
      response.on('close', () => {
        if (isWhole(response)) resolve();
      });
    });
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
  send(frame: string | Uint8Array): void | Promise<void> {
    if (this.#state !== 'open') throw new ClientGoneError();
    if (this.#write(frame)) return;
    this.#full = true;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /**
   * Sends the last frame and ends the stream; settles when both were handed to the network, and never if the client goes
   * before. Room in our own buffer says nothing of a client that does not read.
   * @throws {@link ClientGoneError} when the stream has ended.
   */
  sendLast(frame: string): Promise<void> {
    if (this.#state !== 'open') throw new ClientGoneError();
    this.#write(frame);
    void this.finish();
    return this.#finished;
  }

  /** Sends `frame` if there is room: to a client that does not read, nothing is piled up. */
  offer(frame: string): void {
    if (this.#state === 'open' && !this.#full) this.#full = !this.#write(frame);
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

  /** No callback tells when it was taken: a wrapper, such as a compressor, may swallow it. */
  #write(frame: string | Uint8Array): boolean {
    const hasRoom = this.#response.write(frame);
    this.#response.flush?.();
    return hasRoom;
  }
}

function isWhole({ writableFinished, stream }: HttpResponse): boolean {
  return writableFinished ?? (stream?.rstCode ?? 0) === 0;
}
