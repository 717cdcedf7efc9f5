import type { Connection } from '@watchkeeper/core';

/** One connection of a server, whichever protocol it speaks. */
export interface ServerConnection extends Connection {
  /** Resolves when the connection has gone, or is no longer the server's. */
  readonly closed: Promise<void>;
  /** Lets what was begun finish, or else the first thing that comes, and closes after it. */
  serveOnce(): void;
  /** Takes nothing new, lets what was begun finish, and closes. */
  leave(): void;
}
