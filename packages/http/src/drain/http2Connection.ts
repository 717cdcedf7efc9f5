import { constants, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Connection, ConnectionActivity, GoawayNotice } from '@watchkeeper/core';
import { maxAgeReason, noteAnswer, startPing } from '@watchkeeper/core/adapters';
import type { ResolvedHttpDrainOptions } from './httpDrainOptions.ts';
import type { ServerConnection } from './serverConnection.ts';

/**
 * One HTTP/2 session.
 *
 * The textbook's first GOAWAY, with the greatest stream id, is not sent: Node then ignores every later stream without a
 * word. `close()` names the true last stream, so that whatever crosses it on the wire is safe to retry elsewhere.
 */
export class Http2Connection implements ServerConnection {
  readonly closed: Promise<void>;
  readonly isMultiplexed = true;
  readonly #responses = new Set<Connection>();
  #notice: GoawayNotice | undefined;
  readonly #session: ServerHttp2Session;
  readonly #socket: Socket | undefined;
  readonly #options: ResolvedHttpDrainOptions;
  readonly #acceptedAt: number;
  #streams = 0;
  #ending = false;
  #timer: unknown;

  /** @param socket is the session's own, which Node no longer shows once the session is closed. */
  constructor(session: ServerHttp2Session, socket: Socket | undefined, options: ResolvedHttpDrainOptions) {
    const { clock } = options;
    this.#session = session;
    this.#socket = socket;
    this.#options = options;
    this.#acceptedAt = clock.now();
    this.closed = new Promise((resolve) => {
      session.once('close', () => {
        clock.clearTimeout(this.#timer);
        resolve();
      });
    });
    session.once('stream', () => {
      this.#streams += 1;
    });
    // A close follows; without a listener the error would end the process.
    session.on('error', () => {});
  }

  get ending(): boolean {
    return this.#ending;
  }

  /**
   * Pings the peer from now on, and calls `lost` when it does not answer.
   *
   * Node notices neither a peer that vanished nor one that broke the protocol and hung up: of the latter it reads no
   * more, so that not even the end of the connection reaches it.
   */
  watch(lost: () => void): void {
    const { clock, pingIntervalMs, pongTimeoutMs } = this.#options;
    if (pingIntervalMs === 0) return;
    const sendPing = () => {
      if (this.#session.destroyed) return;
      this.#session.ping((cause) => {
        if (cause === null) noteAnswer(ping);
      });
    };
    const ping = startPing(clock, { pingIntervalMs, pongTimeoutMs, ping: sendPing, lost });
    this.#session.once('close', () => ping.stop());
  }

  serveOnce(): void {
    this.#session.once('stream', () => this.#close());
  }

  leave(): void {
    this.#leave(this.#options.firstRequestMs);
  }

  supervise(response: Connection, over: Promise<void>): void {
    this.#responses.add(response);
    void over.then(() => this.#responses.delete(response));
    this.#passOn(response);
  }

  goaway(notice: GoawayNotice): void {
    const { graceMs } = notice;
    this.#notice = notice;
    for (const response of this.#responses) this.#passOn(response);
    const { clock, random, staggerMs, firstRequestMs } = this.#options;
    const delayMs = random() * Math.min(staggerMs, graceMs / 2);
    this.#timer = clock.setTimeout(() => this.#leave(Math.min(firstRequestMs, graceMs / 2)), delayMs);
  }

  doing(): ConnectionActivity {
    const bytesWritten = this.#socket?.bytesWritten;
    return bytesWritten === undefined ? {} : { bytesWritten };
  }

  close(): Promise<void> {
    this.#session.destroy(undefined, constants.NGHTTP2_CANCEL);
    // Of a session that is closed already, whose peer keeps its own end open, the socket is left.
    setImmediate(() => this.#socket?.destroy());
    return this.closed;
  }

  /** Of a drain each response hears by a session of its own; of the connection's age it does not. */
  #passOn(response: Connection): void {
    if (this.#notice?.reason !== maxAgeReason) return;
    try {
      void response.goaway(this.#notice);
    } catch {
      // Foreign code: it ends the one response, and not the others of its connection.
      void response.close('failed');
    }
  }

  #leave(firstRequestMs: number): void {
    const { clock } = this.#options;
    const waitMs = this.#streams > 0 ? 0 : this.#acceptedAt + firstRequestMs - clock.now();
    if (waitMs <= 0) this.#close();
    else {
      this.#ending = true;
      this.serveOnce();
      this.#timer = clock.setTimeout(() => this.#close(), waitMs);
    }
  }

  #close(): void {
    const { clock, closeTimeoutMs } = this.#options;
    clock.clearTimeout(this.#timer);
    if (this.#session.closed || this.#session.destroyed) return;
    const socket = this.#socket;
    // Node closes our end after the last stream, and then waits for the peer's without a limit.
    this.#ending = false;
    socket?.once('finish', () => {
      this.#ending = true;
      const timer = clock.setTimeout(() => socket.destroy(), closeTimeoutMs);
      socket.once('close', () => clock.clearTimeout(timer));
    });
    this.#session.close();
  }
}
