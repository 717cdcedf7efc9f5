import type { Clock, CloseReason, Notice } from '@watchkeeper/core';
import { type CloseFrame, closeFrameOf, fitReason, type SlowClientCode } from './closeFrame.ts';

/** What a wire needs to know of its hub's options. */
export interface WireOptions {
  readonly clock: Clock;
  readonly closeTimeoutMs: number;
  readonly maxBufferedBytes: number;
  readonly slowClientCode: SlowClientCode;
}

/** The part of a WebSocket of `ws` that a wire needs. */
export interface WireSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(frame: Buffer, options: { binary: boolean }, written: (failure?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  once(event: 'close', listener: () => void): unknown;
}

const open = 1;
const closed = 3;

const text = { binary: false };

const encoded = new WeakMap<Notice, Buffer>();

/** A notice as it goes over the wire; written once, however many clients it goes to (INV-24). */
export function encodeNotice(notice: Notice): Buffer {
  const known = encoded.get(notice);
  if (known !== undefined) return known;
  const frame = Buffer.from(JSON.stringify(notice));
  encoded.set(notice, frame);
  return frame;
}

/** A send that waits: first to be written, then for room. */
interface Waiter {
  written: boolean;
  resolve?: () => void;
}

/** One client's WebSocket as all who send to it see it: in order, and nothing after the close (INV-9). */
export class Wire {
  readonly #socket: WireSocket;
  readonly #options: WireOptions;
  /** Sends that were not taken at once, in their order. */
  readonly #waiting: Waiter[] = [];

  constructor(socket: WireSocket, options: WireOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /**
   * Sends one text frame; the promise settles when the client has room for the next. No promise: it has room.
   *
   * On a wire that is going down it never settles: the end of the session says what became of it.
   */
  send(frame: Buffer): void | Promise<void> {
    const socket = this.#socket;
    if (socket.readyState !== open) return new Promise(() => {});
    const waiter: Waiter = { written: false };
    socket.send(frame, text, (failure) => {
      waiter.written = failure === undefined || failure === null;
      this.#release();
    });
    // The system took all of it: waiting for the callback would only cost a turn.
    if (socket.bufferedAmount === 0) return;
    return new Promise((resolve) => {
      waiter.resolve = resolve;
      this.#waiting.push(waiter);
    });
  }

  /** Asks the peer whether it is there. */
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

  #release(): void {
    if (this.#socket.bufferedAmount > this.#options.maxBufferedBytes) return;
    while (this.#waiting[0]?.written === true) this.#waiting.shift()?.resolve?.();
  }
}
