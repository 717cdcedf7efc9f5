import type { CloseReason } from '../model/closeReason.ts';
import type { ConnectionActivity } from '../model/drainReport.ts';
import type { GoawayNotice } from '../model/notice.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import { readActivity } from './activity.ts';
import type { Connection } from './session.ts';

/** An outcome of a call on a connection. */
export type ConnectionEvent =
  | { readonly type: 'goaway.failed'; readonly cause: unknown }
  | { readonly type: 'connection.closed' }
  | { readonly type: 'close.failed'; readonly cause: unknown };

/** Calls one client's connection outside of every transition, and reports the outcome. */
export class ConnectionPort {
  readonly #connection: Connection;
  readonly #runQueue: RunQueue;
  #isClosing = false;
  #doing: ConnectionActivity | undefined;

  constructor(connection: Connection, runQueue: RunQueue) {
    this.#connection = connection;
    this.#runQueue = runQueue;
  }

  /** Whether the connection was asked to close. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** What the connection was doing when it was closed; not known before. */
  get doing(): ConnectionActivity | undefined {
    return this.#doing;
  }

  /** Tells the peer to go; `tell` hears only of failure. */
  goaway(notice: GoawayNotice, tell: (event: ConnectionEvent) => void): void {
    this.#call(
      () => this.#connection.goaway(notice),
      () => {},
      (cause) => tell({ type: 'goaway.failed', cause }),
    );
  }

  /** Ends the connection; `tell` hears when it is gone. */
  close(reason: CloseReason, tell: (event: ConnectionEvent) => void): void {
    this.#isClosing = true;
    this.#call(
      () => {
        this.#doing = readActivity(this.#connection, reason);
        return this.#connection.close(reason);
      },
      () => tell({ type: 'connection.closed' }),
      (cause) => tell({ type: 'close.failed', cause }),
    );
  }

  #call(call: () => void | Promise<void>, onDone: () => void, onError: (cause: unknown) => void): void {
    this.#runQueue.push(() => {
      try {
        Promise.resolve(call()).then(onDone, onError);
      } catch (cause) {
        onError(cause);
      }
    });
  }
}
