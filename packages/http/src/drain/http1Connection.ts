import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CloseReason, Connection, ConnectionActivity, GoawayNotice, Refusal } from '@watchkeeper/core';
import { maxAgeReason } from '@watchkeeper/core/adapters';
import type { ResolvedHttpDrainOptions } from './httpDrainOptions.ts';
import { type LingeringClose, lingerAtClose } from './lingeringClose.ts';
import { refuseRequest } from './refuseRequest.ts';
import type { ServerConnection } from './serverConnection.ts';

/** A request that is parsed and not yet shown to the server's listeners. */
interface HeldRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly show: () => void;
}

/**
 * One HTTP/1.1 connection.
 *
 * From the beginning of a drain its last answer bears `Connection: close`: only the last, for Node closes after the
 * first that does, and drops what was pipelined behind it. Whatever comes after that answer's head is not shown to the
 * server: it is not begun, and its client may send it again elsewhere.
 */
export class Http1Connection implements ServerConnection {
  readonly closed: Promise<void>;
  readonly isMultiplexed = false;
  readonly #socket: Socket;
  readonly #options: ResolvedHttpDrainOptions;
  readonly #acceptedAt: number;
  /** Returns why a request for a path is not served, `undefined` when it is. */
  admit: (path: string) => Refusal | undefined = () => undefined;
  /** The responses that are owed, each with when it began. */
  readonly #responses = new Map<ServerResponse, number>();
  readonly #held: HeldRequest[] = [];
  #release: () => void = () => {};
  #state: 'open' | 'last' | 'leaving' | 'released' = 'open';
  #last: ServerResponse | undefined;
  #close: LingeringClose | undefined;
  #requests = 0;
  /** What had been read when the connection was last without a request. */
  #bytesWhenIdle = 0;
  #firstRequestMs = 0;
  #firstRequestTimer: unknown;
  #idleTimer: unknown;
  #response: Connection | undefined;
  #notice: GoawayNotice | undefined;

  constructor(socket: Socket, options: ResolvedHttpDrainOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#acceptedAt = options.clock.now();
    this.closed = new Promise((resolve) => {
      this.#release = resolve;
      socket.once('close', () => {
        this.#clearTimers();
        resolve();
      });
    });
  }

  /** Whether each request must be held until it is known whether another was sent along with it. */
  get holds(): boolean {
    return this.#state === 'last' || this.#state === 'leaving';
  }

  get ending(): boolean {
    return this.#responses.size === 0 && (this.#close?.begun === true || this.#firstRequestTimer !== undefined);
  }

  /** Counts a request as begun, until its response is over. */
  begin(response: ServerResponse): void {
    if (this.#responses.has(response)) return;
    this.#requests += 1;
    this.#responses.set(response, this.#options.clock.now());
    response.once('close', () => {
      this.#responses.delete(response);
      if (this.#responses.size > 0) return;
      this.#bytesWhenIdle = this.#socket.bytesRead;
      this.#closeIfIdle();
    });
  }

  /** Shows a request by `show` when all that arrived along with it is known, or never, when its answer could not be read. */
  hold(request: IncomingMessage, response: ServerResponse, show: () => void): void {
    // Node reads all that has arrived before it runs what is due next.
    if (this.#held.length === 0) process.nextTick(() => this.#show());
    this.#held.push({ request, response, show });
  }

  /** Releases the connection after an upgrade: whoever took it over ends it. */
  release(): void {
    this.#state = 'released';
    this.#close?.undo();
    this.#clearTimers();
    this.#release();
  }

  serveOnce(): void {
    if (this.#state === 'open') this.#goTo('last');
  }

  leave(): void {
    this.#leave(this.#options.firstRequestMs);
  }

  /**
   * One that is too old waits for a request before it closes, as a pool expects: of whatever it is asked it says that it
   * was the last. Without one it closes after half of its grace.
   */
  goaway(notice: GoawayNotice): void | Promise<void> {
    const { reason, graceMs } = notice;
    this.#notice = notice;
    const firstRequestMs = Math.min(this.#options.firstRequestMs, graceMs / 2);
    if (reason === maxAgeReason) {
      this.serveOnce();
      this.#idleTimer = this.#options.clock.setTimeout(() => this.#leave(firstRequestMs), graceMs / 2);
    } else this.#leave(firstRequestMs);
    return this.#response?.goaway(notice);
  }

  supervise(response: Connection, over: Promise<void>): void {
    this.#response = response;
    this.serveOnce();
    void over.then(() => {
      this.#response = undefined;
      this.leave();
    });
    if (this.#notice !== undefined) void response.goaway(this.#notice);
  }

  /** Closes one that waits for its last request because of its age: a drain lasts for less than that may. */
  leaveIfTooOld(): void {
    if (this.#idleTimer !== undefined) this.leave();
  }

  doing(): ConnectionActivity {
    const [first] = this.#responses;
    const { bytesWritten } = this.#socket;
    if (first === undefined) return { bytesWritten };
    const [{ req }, since] = first;
    return { what: `${req.method} ${req.url}`, since, bytesWritten };
  }

  close(reason: CloseReason): Promise<void> {
    void this.#response?.close(reason);
    if (this.#state !== 'released') this.#socket.destroy();
    return this.closed;
  }

  #leave(firstRequestMs: number): void {
    if (this.#state === 'released' || this.#state === 'leaving') return;
    this.#firstRequestMs = firstRequestMs;
    this.#goTo('leaving');
    this.#closeIfIdle();
  }

  #goTo(state: 'last' | 'leaving'): void {
    this.#state = state;
    if (state === 'leaving') this.#options.clock.clearTimeout(this.#idleTimer);
    const { clock, closeTimeoutMs } = this.#options;
    this.#close ??= lingerAtClose(this.#socket, clock, closeTimeoutMs);
    this.#announceOnLast();
  }

  #show(): void {
    const held = this.#held.splice(0);
    if (this.#state === 'released') return;
    if (this.#close?.begun || this.#last?.headersSent) {
      for (const { request } of held) request.resume();
      return;
    }
    for (const { response } of held) this.begin(response);
    this.#announceOnLast();
    for (const { request, response, show } of held) {
      const refusal = this.admit(request.url ?? '/');
      if (refusal === undefined) show();
      else {
        request.resume();
        refuseRequest(response, refusal);
      }
    }
  }

  /** Puts `Connection: close` on the last answer that is owed, and takes it from the one that was the last before. */
  #announceOnLast(): void {
    const last = [...this.#responses.keys()].at(-1);
    if (last === undefined || last === this.#last || last.headersSent) return;
    if (this.#last?.headersSent === false) this.#last.removeHeader('Connection');
    last.setHeader('Connection', 'close');
    this.#last = last;
  }

  #clearTimers(): void {
    this.#options.clock.clearTimeout(this.#firstRequestTimer);
    this.#options.clock.clearTimeout(this.#idleTimer);
  }

  #closeIfIdle(): void {
    if (this.#state !== 'leaving' || this.#responses.size > 0 || this.#close?.begun) return;
    const { clock } = this.#options;
    const waitMs = this.#firstRequestTimer === undefined ? this.#waitMs() : 0;
    if (waitMs <= 0) this.#close?.begin();
    else this.#firstRequestTimer = clock.setTimeout(() => this.#closeIfIdle(), waitMs);
  }

  /** @returns how long to wait for a request that may be on its way: the first of a fresh connection, or one half here. */
  #waitMs(): number {
    if (this.#socket.bytesRead > this.#bytesWhenIdle) return this.#firstRequestMs;
    return this.#requests > 0 ? 0 : this.#acceptedAt + this.#firstRequestMs - this.#options.clock.now();
  }
}
