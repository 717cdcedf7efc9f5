import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { type DrainableServer, speaksHttp2 } from './serverProtocols.ts';

/** Turns of the event loop without a new connection after which nobody is waiting to be accepted. */
const quietTurns = 4;

/** Turns after which the server closes, however many still come. */
const maxTurns = 200;

/**
 * Closes a server's listener when several turns of the event loop have accepted nobody, for closing it resets whom the
 * kernel has let in and the program has not accepted yet. Under an endless stream of connections it closes all the same.
 *
 * @param closed is called when it has.
 */
export function stopListeningWhenQuiet(server: DrainableServer, closed: () => void): void {
  let turns = 0;
  let quiet = 0;
  const noteConnection = () => {
    quiet = 0;
  };
  const turn = () => {
    turns += 1;
    quiet += 1;
    if (quiet <= quietTurns && turns < maxTurns) setImmediate(turn);
    else {
      server.off('connection', noteConnection);
      stopListening(server);
      closed();
    }
  };
  server.on('connection', noteConnection);
  setImmediate(turn);
}

/** Closes a server's listener and no connection. */
export function stopListening(server: DrainableServer): void {
  if (!server.listening) return;
  // From Node 24 on, an HTTP/2 server's own close() also sends a goaway to every session, all at the same moment.
  if (speaksHttp2(server)) NetServer.prototype.close.call(server);
  else closeListener(server);
}

/** Node's close() also destroys the connections it takes for idle, with whatever they have not read. */
function closeListener(server: Server): void {
  server.closeIdleConnections = () => {};
  try {
    server.close();
  } finally {
    Reflect.deleteProperty(server, 'closeIdleConnections');
  }
}
