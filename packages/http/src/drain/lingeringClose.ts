import type { Socket } from 'node:net';
import type { Clock } from '@watchkeeper/core';

/** The end of one connection, after what was written to it. */
export interface LingeringClose {
  /** Whether our end is closed, or about to be. */
  readonly begun: boolean;
  /** Closes our end, and goes on reading until the peer closes its own. Harmless twice. */
  begin(): void;
  /** Leaves the closing to Node again. */
  undo(): void;
}

/**
 * Makes a connection close as RFC 9112, 9.6 asks, whoever closes it: our end first, then reading until the peer's end
 * comes, or `timeoutMs` have passed.
 *
 * Node itself destroys the socket after the last answer. What is unread then makes the kernel reset the connection, and
 * a reset takes the answer away from a client that had not read it yet.
 */
export function lingerAtClose(socket: Socket, clock: Clock, timeoutMs: number): LingeringClose {
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    socket.end();
    // Nobody may have read the body of the last request.
    socket.resume();
    const timer = clock.setTimeout(() => socket.destroy(), timeoutMs);
    socket.once('close', () => clock.clearTimeout(timer));
  };
  // Node closes a connection after the answer that says so by this method.
  socket.destroySoon = begin;
  return {
    get begun() {
      return begun;
    },
    begin,
    undo() {
      Reflect.deleteProperty(socket, 'destroySoon');
    },
  };
}
