import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2Server, ServerHttp2Session } from 'node:http2';
import type { Server as SecureServer } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { DrainPhase, Session, Supervisor } from '@watchkeeper/core';
import { Http1Connection } from './http1Connection.ts';
import { Http2Connection } from './http2Connection.ts';
import { type HttpDrainOptions, type ResolvedHttpDrainOptions, resolveHttpDrainOptions } from './httpDrainOptions.ts';
import { listenFirst, listenOnceTaken } from './listenFirst.ts';
import type { ServerConnection } from './serverConnection.ts';

/** The servers of Node whose connections can be drained. */
export type DrainableServer = Server | SecureServer | Http2Server | Http2SecureServer;

/** The part of a supervisor that drains a server. */
export type ServerSupervisor = Pick<Supervisor, 'reserve' | 'events$' | 'phase'>;

/** Handle of a server whose connections are sessions of a supervisor. */
export interface HttpServerDrain {
  /** Connections that have no slot, because there was none: they are served once and closed. */
  readonly unsupervised: number;
  /** Resolves when the server has closed and all its connections have gone. */
  readonly closed: Promise<void>;
  /** Removes all listeners: new connections get no session, and a drain no longer closes the server. */
  detach(): void;
}

/**
 * Makes every connection of a server a session of the supervisor, so that draining the one drains the other.
 *
 * Call it once, before the server gets connections. From the beginning of a drain, HTTP/1.1 is answered with
 * `Connection: close`; after the notice the server stops listening, idle connections close at once and busy ones after
 * what they were asked; HTTP/2 sessions are told to go spread over `staggerMs`, finish their streams, and are destroyed
 * when the grace is over. A connection there is no slot for, because the supervisor is full or drains, is served once
 * and closed: so `/livez` is answered to the end. An HTTP/2 peer that does not answer a ping is gone. A WebSocket is
 * not drained here from its upgrade on.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { drainHttpServer, healthRoutes } from '@watchkeeper/http';
 *
 * const keeper = createSupervisor();
 * const server = createServer(healthRoutes(keeper));
 * drainHttpServer(server, keeper);
 * server.listen(8080);
 * ```
 */
export function drainHttpServer(
  server: DrainableServer,
  keeper: ServerSupervisor,
  options?: HttpDrainOptions,
): HttpServerDrain {
  return new ServerDrain(server, keeper, resolveHttpDrainOptions(options));
}

class ServerDrain implements HttpServerDrain {
  readonly closed: Promise<void>;
  readonly #server: DrainableServer;
  readonly #keeper: ServerSupervisor;
  readonly #options: ResolvedHttpDrainOptions;
  readonly #http1 = new WeakMap<Socket, Http1Connection>();
  readonly #unsupervised = new Set<ServerConnection>();
  readonly #detachments: (() => void)[];
  #listening = true;
  #joined = false;

  constructor(server: DrainableServer, keeper: ServerSupervisor, options: ResolvedHttpDrainOptions) {
    this.#server = server;
    this.#keeper = keeper;
    this.#options = options;
    this.closed = new Promise((resolve) => server.once('close', resolve));
    const release = (request: IncomingMessage) => this.#http1.get(request.socket)?.release();
    const begin = (request: IncomingMessage, response: ServerResponse) => this.#begin(request, response);
    this.#detachments = [
      ...(speaksHttp2(server) ? [listenFirst(server, 'session', (session) => this.#addSession(session))] : []),
      ...(speaksHttp1(server) ? [listenFirst(server, socketEvent(server), (socket) => this.#addSocket(socket))] : []),
      listenFirst(server, 'request', begin),
      listenOnceTaken(server, 'checkContinue', begin),
      listenOnceTaken(server, 'checkExpectation', begin),
      listenOnceTaken(server, 'upgrade', release),
      listenOnceTaken(server, 'connect', release),
    ];
    const subscription = keeper.events$.subscribe({
      next: (event) => {
        if (event.type === 'drain.entered') this.#enterPhase(event.phase);
      },
      complete: () => this.#enterPhase('join'),
    });
    this.#detachments.push(() => subscription.unsubscribe());
  }

  get unsupervised(): number {
    return this.#unsupervised.size;
  }

  detach(): void {
    for (const detach of this.#detachments.splice(0)) detach();
  }

  #addSocket(socket: Socket & { readonly alpnProtocol?: string | false | null }): void {
    if (socket.alpnProtocol === 'h2') return;
    const connection = new Http1Connection(socket);
    this.#http1.set(socket, connection);
    this.#add(connection, socket);
  }

  #addSession(http2: ServerHttp2Session): void {
    const connection = new Http2Connection(http2, this.#options);
    const session = this.#add(connection, http2.socket);
    http2.once('goaway', () => session?.peerGoaway());
    connection.watch(() => {
      if (session === undefined) void connection.close();
      else session.end('stalled');
    });
  }

  #add(connection: ServerConnection, socket: Socket | TLSSocket): Session | undefined {
    const slot = this.#keeper.reserve(this.#options.peerOf(socket) || undefined);
    if (!slot.reserved) {
      this.#unsupervised.add(connection);
      connection.serveOnce();
      void connection.closed.then(() => this.#unsupervised.delete(connection));
      return undefined;
    }
    const session = slot.open(connection);
    void connection.closed.then(() => session.end('peer'));
    return session;
  }

  #begin({ socket }: IncomingMessage, response: ServerResponse): void {
    const connection = this.#http1.get(socket);
    connection?.begin(response);
    if (this.#keeper.phase !== 'running' && this.#keeper.phase !== 'idle') connection?.serveOnce();
  }

  /** Closes the server in step with the supervisor's drain, which closes the sessions itself. */
  #enterPhase(phase: DrainPhase): void {
    if (phase !== 'goaway' && phase !== 'force' && phase !== 'join') return;
    this.#stopListening();
    if (phase !== 'join' || this.#joined || this.#unsupervised.size === 0) return;
    this.#joined = true;
    for (const connection of this.#unsupervised) connection.leave();
    this.#options.clock.setTimeout(() => {
      for (const connection of this.#unsupervised) void connection.close('forced');
    }, this.#options.lateMs);
  }

  #stopListening(): void {
    if (!this.#listening) return;
    this.#listening = false;
    // From Node 24 on, an HTTP/2 server's own close() also sends a goaway to every session, all at the same moment.
    if (speaksHttp2(this.#server)) NetServer.prototype.close.call(this.#server);
    else this.#server.close();
  }
}

function speaksHttp2(server: DrainableServer): server is Http2Server | Http2SecureServer {
  return 'updateSettings' in server;
}

/** A plain HTTP/2 server never speaks HTTP/1.1; a secure one may, as each connection agrees. */
function speaksHttp1(server: DrainableServer): boolean {
  return !speaksHttp2(server) || socketEvent(server) === 'secureConnection';
}

function socketEvent(server: DrainableServer): 'connection' | 'secureConnection' {
  return 'setSecureContext' in server ? 'secureConnection' : 'connection';
}
