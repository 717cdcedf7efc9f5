import type { CloseReason, Notifier, Session } from '@watchkeeper/core';
import type { WebSocket } from 'ws';

/** What a hub hears of one client. */
export interface ClientListener {
  failed(client: Client, cause: unknown): void;
  closed(client: Client, reason: CloseReason): void;
}

/** What one client is made of. */
export interface ClientParts {
  readonly peer: string;
  readonly socket: WebSocket;
  readonly session: Session;
  readonly notifier: Notifier;
}

/** One connected client: ties the ends of its socket, its session and its notifier together. */
export class Client {
  readonly id: string;
  readonly peer: string;
  readonly session: Session;

  constructor({ peer, socket, session, notifier }: ClientParts, listener: ClientListener) {
    this.id = session.id;
    this.peer = peer;
    this.session = session;
    // A session that closes its connection hears of the end by itself.
    socket.on('close', () => {
      if (isLive(session)) session.end();
    });
    socket.on('error', (cause) => {
      listener.failed(this, cause);
      if (isLive(session)) session.end('failed');
    });
    // A client that was told to go may stay until its session ends; one without a notifier for any other reason goes.
    void notifier.closed.then((reason) => {
      if (reason !== 'goaway' && isLive(session)) session.end(reason);
    });
    void session.closed.then((reason) => {
      if (notifier.state !== 'closed') notifier.close(reason);
      listener.closed(this, reason);
    });
  }
}

function isLive({ state }: Session): boolean {
  return state === 'open' || state === 'draining';
}
