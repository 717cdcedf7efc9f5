import { constants, type ServerHttp2Session } from 'node:http2';
import type { GoawayNotice } from '@watchkeeper/core';
import { noteAnswer, startPing } from '@watchkeeper/core/adapters';
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
  readonly #session: ServerHttp2Session;
  readonly #options: ResolvedHttpDrainOptions;
  #timer: unknown;

  constructor(session: ServerHttp2Session, options: ResolvedHttpDrainOptions) {
    this.#session = session;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      session.once('close', () => {
        options.clock.clearTimeout(this.#timer);
        resolve();
      });
    });
    // A close follows; without a listener the error would end the process.
    session.on('error', () => {});
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
    this.#session.once('stream', () => this.leave());
  }

  leave(): void {
    if (!this.#session.closed && !this.#session.destroyed) this.#session.close();
  }

  goaway({ graceMs }: GoawayNotice): void {
    const { clock, random, staggerMs } = this.#options;
    const delayMs = random() * Math.min(staggerMs, graceMs / 2);
    this.#timer = clock.setTimeout(() => this.leave(), delayMs);
  }

  close(): Promise<void> {
    this.#session.destroy(undefined, constants.NGHTTP2_CANCEL);
    return this.closed;
  }
}
