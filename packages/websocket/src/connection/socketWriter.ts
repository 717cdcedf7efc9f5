import type { Clock, CloseReason } from '@watchkeeper/core';
import { type CloseFrame, closeFrameOf, fitReason, type SlowClientCode } from './closeFrame.ts';

/** The options of a hub that its clients' writers need. */
export interface SocketWriterOptions {
  readonly clock: Clock;
  readonly closeTimeoutMs: number;
  readonly maxBufferedBytes: number;
  readonly slowClientCode: SlowClientCode;
}

/** The part of a WebSocket of `ws` that a writer needs. */
export interface WriterSocket {
  readonly readyState: number;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  once(event: 'close', listener: () => void): unknown;
}

/** The part of the stream below a WebSocket that a writer needs. */
export interface WriterStream {
  readonly writableLength: number;
  write(frame: Buffer, written: (failure?: Error | null) => void): boolean;
}

const open = 1;
const closed = 3;

/** A send whose promise is pending: until it and all before it are written, then until there is room. */
interface Waiter {
  readonly place: number;
  readonly resolve: () => void;
}

/**
 * Ordered writer to one client's WebSocket, with back-pressure; writes nothing after the close (INV-9).
 *
 * Frames are made whole beforehand and written to the stream below, as `ws` itself does with what it frames:
 * without compression, which the hub never offers, it keeps none back.
 */
export class SocketWriter {
  readonly #socket: WriterSocket;
  readonly #stream: WriterStream;
  readonly #options: SocketWriterOptions;
  readonly #waiting: Waiter[] = [];
  #sent = 0;
  #written = 0;

  constructor(socket: WriterSocket, stream: WriterStream, options: SocketWriterOptions) {
    this.#socket = socket;
    this.#stream = stream;
    this.#options = options;
  }

  /**
   * Sends one frame; the promise settles when the client has room for the next. No promise: it has room.
   *
   * On a socket that is closing it never settles: the end of the session says what became of it.
   */
  send(frame: Buffer): void | Promise<void> {
    if (this.#socket.readyState !== open) return new Promise(() => {});
    this.#sent += 1;
    this.#stream.write(frame, this.#onWritten);
    // The system took all of it: waiting for the callback would only cost a tick.
    if (this.#stream.writableLength === 0) return;
    const place = this.#sent;
    return new Promise((resolve) => this.#waiting.push({ place, resolve }));
  }

  /** Sends a ping, unless the socket is closing. */
  ping(): void {
    if (this.#socket.readyState === open) this.#socket.ping();
  }

  /** Sends a close frame that says why, waits a while for the peer to agree, then destroys the socket. */
  close(
    reason: CloseReason,
    frame: CloseFrame = closeFrameOf(reason, this.#options.slowClientCode),
  ): void | Promise<void> {
    const socket = this.#socket;
    if (socket.readyState === closed) return;
    const { clock, closeTimeoutMs } = this.#options;
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => socket.terminate(), closeTimeoutMs);
      socket.once('close', () => {
        clock.clearTimeout(timer);
        resolve();
      });
      socket.close(frame.code, fitReason(frame.reason));
    });
  }

  readonly #onWritten = (failure?: Error | null): void => {
    if (failure) return;
    this.#written += 1;
    if (this.#waiting.length === 0 || this.#stream.writableLength > this.#options.maxBufferedBytes) return;
    while ((this.#waiting[0]?.place ?? Number.POSITIVE_INFINITY) <= this.#written) this.#waiting.shift()?.resolve();
  };
}
