import type { Connection } from '@watchkeeper/core';

/** One connection of a server, over HTTP/1.1 or HTTP/2. */
export interface ServerConnection extends Connection {
  /** Resolves when the connection has gone, or is no longer the server's. */
  readonly closed: Promise<void>;
  /** Finishes the requests that have begun, or else serves one more, and closes. */
  serveOnce(): void;
  /** Takes no new request, finishes those that have begun, and closes. */
  leave(): void;
}
