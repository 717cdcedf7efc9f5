import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { DrainPhase, Supervisor } from '@watchkeeper/core';
import { ownAgeOf } from '@watchkeeper/core/adapters';
import { optional, requireOption, text } from '@watchkeeper/core/options';
import { pathOf } from '../listener.ts';
import { ConnectionSlot, type SlotOwner } from './connectionSlot.ts';
import { Handshakes } from './handshakes.ts';
import { holdRequests } from './holdRequests.ts';
import { Http1Connection } from './http1Connection.ts';
import { Http2Connection } from './http2Connection.ts';
import type { ResolvedHttpDrainOptions } from './httpDrainOptions.ts';
import { listenFirst, listenOnceTaken } from './listenFirst.ts';
import { servedConnections } from './servedConnections.ts';
import type { ServerConnection } from './serverConnection.ts';
import { type DrainableServer, socketEvent, speaksHttp1, speaksHttp2, speaksTls } from './serverProtocols.ts';
import { stopListening, stopListeningWhenQuiet } from './stopListening.ts';

/** The part of a supervisor that drains a server. */
export type ServerSupervisor = Pick<Supervisor, 'reserve' | 'events$' | 'phase'> &
  Partial<Pick<Supervisor, 'holdDrain' | 'noteRefusal'>>;

/** Makes a server's connections sessions, and closes the server in step with the supervisor's drain. */
export class ServerDrain {
  readonly closed: Promise<void>;
  readonly #server: DrainableServer;
  readonly #options: ResolvedHttpDrainOptions;
  readonly #http1 = new Map<Socket, Http1Connection>();
  readonly #http2 = new WeakMap<object, ConnectionSlot>();
  readonly #unsupervised = new Set<ConnectionSlot>();
  readonly #slots: SlotOwner;
  readonly #handshakes: Handshakes | undefined;
  readonly #detachments: (() => void)[] = [];
  readonly #release: () => void;
  /** The socket that is just becoming a connection: of an HTTP/2 session Node shows a stand-in only. */
  #arriving: Socket | undefined;
  #healthChecks = 0;
  #draining = false;
  #leaving = false;
  #joined = false;

  constructor(server: DrainableServer, keeper: ServerSupervisor, options: ResolvedHttpDrainOptions) {
    this.#server = server;
    this.#options = options;
    const healthPaths = new Set(options.healthPaths);
    this.#slots = {
      keeper,
      age: ownAgeOf(options),
      isHealthCheck: (url) => healthPaths.has(pathOf({ url })),
      unsupervised: this.#unsupervised,
      countHealthCheck: () => {
        this.#healthChecks += 1;
      },
    };
    this.closed = new Promise((resolve) => server.once('close', resolve));
    if (speaksTls(server)) this.#handshakes = new Handshakes(server, options.clock, options.firstRequestMs);
    const release = (request: IncomingMessage) => this.#http1.get(request.socket)?.release();
    const begin = (request: IncomingMessage, response: ServerResponse) =>
      this.#http1.get(request.socket)?.begin(response);
    this.#detachments.push(
      holdRequests(server, {
        http1: ({ socket }) => this.#http1.get(socket),
        http2: (session) => session && this.#http2.get(session),
      }),
      ...(speaksHttp2(server) ? [listenFirst(server, 'session', (session) => this.#addSession(session))] : []),
      listenFirst(server, socketEvent(server), (socket) => this.#addSocket(socket)),
      listenFirst(server, 'request', begin),
      listenOnceTaken(server, 'checkContinue', begin),
      listenOnceTaken(server, 'checkExpectation', begin),
      listenOnceTaken(server, 'upgrade', release),
      listenOnceTaken(server, 'connect', release),
    );
    // Whoever waits behind the listener, or is at its handshake, is not known yet, and is to be waited for.
    this.#release = keeper.holdDrain?.('listener') ?? (() => {});
    const subscription = keeper.events$.subscribe({
      next: (event) => {
        if (event.type === 'drain.entered') this.#enterPhase(event.phase);
      },
      complete: () => this.#enterPhase('join'),
    });
    this.#detachments.push(() => subscription.unsubscribe(), this.#release);
    if (keeper.phase === 'draining' || keeper.phase === 'stopped') this.#beginDrain();
  }

  get unsupervised(): number {
    return this.#unsupervised.size;
  }

  get healthChecks(): number {
    return this.#healthChecks;
  }

  detach(): void {
    for (const detach of this.#detachments.splice(0)) detach();
    this.#handshakes?.detach();
  }

  #addSocket(socket: Socket & { readonly alpnProtocol?: string | false | null }): void {
    this.#arriving = socket;
    if (socket.alpnProtocol === 'h2' || !speaksHttp1(this.#server)) return;
    const connection = new Http1Connection(socket, this.#options);
    this.#http1.set(socket, connection);
    void connection.closed.then(() => this.#http1.delete(socket));
    const slot = this.#add(connection, socket);
    servedConnections.set(socket, slot);
    connection.admit = (path) => slot.admit(path);
    if (this.#draining) connection.serveOnce();
  }

  #addSession(http2: ServerHttp2Session): void {
    const connection = new Http2Connection(http2, this.#arriving, this.#options);
    const slot = this.#add(connection, http2.socket);
    this.#http2.set(http2, slot);
    servedConnections.set(http2, slot);
    http2.once('goaway', () => slot.session?.peerGoaway());
    connection.watch(() => {
      if (slot.session === undefined) void connection.close();
      else slot.session.end('stalled');
    });
  }

  #add(connection: ServerConnection, socket: { readonly remoteAddress?: string | undefined }): ConnectionSlot {
    const { peer, isBroken } = this.#peerOf(socket);
    const slot = new ConnectionSlot(this.#slots, connection, peer);
    if (isBroken) {
      void connection.close('forced');
      return slot;
    }
    if (!this.#draining) slot.take();
    else if (this.#leaving) slot.leave();
    if (this.#joined) this.#limit(slot);
    return slot;
  }

  /** Whose connection it is; one of which `peerOf` cannot tell is refused, and counted with the reason `hook`. */
  #peerOf(socket: { readonly remoteAddress?: string | undefined }): { peer: string | undefined; isBroken: boolean } {
    try {
      const peer = this.#options.peerOf(socket) || undefined;
      requireOption('peerOf()', optional(text), peer);
      return { peer, isBroken: false };
    } catch {
      this.#slots.keeper.noteRefusal?.({ by: 'http', reason: 'hook' });
      return { peer: undefined, isBroken: true };
    }
  }

  /** Closes the server in step with the supervisor's drain, which closes the sessions itself. */
  #enterPhase(phase: DrainPhase): void {
    this.#beginDrain();
    if (phase !== 'goaway' && phase !== 'force' && phase !== 'join') return;
    this.#stopAccepting(phase === 'goaway');
    if (phase === 'join') this.#endUnsupervised();
  }

  /** From now on every answer over HTTP/1.1 says that the connection closes, so that pools empty while they are served. */
  #beginDrain(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const connection of this.#http1.values()) connection.serveOnce();
  }

  #stopAccepting(orderly: boolean): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#handshakes?.end();
    for (const slot of [...this.#unsupervised]) slot.leave();
    for (const connection of this.#http1.values()) connection.leaveIfTooOld();
    if (orderly) stopListeningWhenQuiet(this.#server, () => this.#releaseDrain());
    else {
      stopListening(this.#server);
      this.#releaseDrain();
    }
  }

  #releaseDrain(): void {
    if (this.#handshakes === undefined) this.#release();
    else this.#handshakes.whenNone(this.#release);
  }

  #endUnsupervised(): void {
    if (this.#joined) return;
    this.#joined = true;
    for (const slot of this.#unsupervised) this.#limit(slot);
  }

  /** Ends a connection without a slot: a busy one after `lateMs`, any other when its own times are over. */
  #limit({ connection, session }: ConnectionSlot): void {
    if (session !== undefined) return;
    const { clock, lateMs, firstRequestMs, closeTimeoutMs } = this.#options;
    const late = clock.setTimeout(() => {
      if (!connection.ending) void connection.close('forced');
    }, lateMs);
    const last = clock.setTimeout(
      () => void connection.close('forced'),
      Math.max(lateMs, firstRequestMs) + closeTimeoutMs,
    );
    void connection.closed.then(() => {
      clock.clearTimeout(late);
      clock.clearTimeout(last);
    });
  }
}
