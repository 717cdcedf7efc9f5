import type { Connection } from '@watchkeeper/core';

/** One connection of a server, over HTTP/1.1 or HTTP/2. */
export interface ServerConnection extends Connection {
  /** Resolves when the connection has gone, or is no longer the server's. */
  readonly closed: Promise<void>;
  /** Whether nothing is under way any more, and it ends by itself within the times for a first request or a peer's end. */
  readonly ending: boolean;
  /** Whether several exchanges go on at once. */
  readonly isMultiplexed: boolean;
  /**
   * Passes goaway and close on to one response, until it is `over`. A connection that serves one at a time closes after
   * it: its session is the response's.
   */
  supervise(response: Connection, over: Promise<void>): void;
  /** Finishes the requests that have begun, or else serves one more, and closes. */
  serveOnce(): void;
  /** Takes no new request, finishes those that have begun, and closes. */
  leave(): void;
}
