import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { InvalidOptionError, type Reservation } from '@watchkeeper/core';
import { type Observable, Subject } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { attach } from './attachments.ts';
import { Client } from './client.ts';
import { type HandshakeAnswer, refuseUpgrade } from './handshake.ts';
import type { Hub, HubKeeper, UpgradingServer } from './hub.ts';
import type { HubEvent, HubStats, UpgradeRefusal } from './hubEvents.ts';
import { type HubOptions, type ResolvedHubOptions, resolveHubOptions } from './hubOptions.ts';
import { encodeNotice, Wire } from './wire.ts';

/**
 * Makes a hub: WebSocket clients of a supervisor, each with a session and a notifier of its own.
 *
 * @throws {@link InvalidOptionError} naming the first option that breaks its rule.
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createSupervisor } from '@watchkeeper/core';
 * import { createHub } from '@watchkeeper/websocket';
 *
 * const keeper = createSupervisor({ maxSessions: 10_000 });
 * const hub = createHub(keeper, { maxClients: 1_000 });
 * const server = createServer();
 * hub.attach(server, '/feed');
 * keeper.start();
 * ```
 */
export function createHub(keeper: HubKeeper, options?: HubOptions): Hub {
  return new WebSocketHub(keeper, resolveHubOptions(options));
}

type Admission =
  | { readonly slot: Reservation }
  | { readonly refusal: UpgradeRefusal; readonly answer: HandshakeAnswer };

/** The public face of one hub. */
class WebSocketHub implements Hub {
  readonly #keeper: HubKeeper;
  readonly #options: ResolvedHubOptions;
  readonly #server: WebSocketServer;
  readonly #clients = new Set<Client>();
  readonly #detachments = new Set<() => void>();
  readonly #events = new Subject<HubEvent>();
  #maxClients = 0;
  #refused = 0;
  #stopped: Promise<void> | undefined;

  constructor(keeper: HubKeeper, options: ResolvedHubOptions) {
    this.#keeper = keeper;
    this.#options = options;
    this.maxClients = options.maxClients;
    // `closeTimeout` is newer than the types of ws: it bounds a close that ws or the peer begins.
    const settings = {
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxMessageBytes,
      closeTimeout: options.closeTimeoutMs,
    };
    this.#server = new WebSocketServer(settings);
    // Without a listener ws would answer by itself, and nobody would know.
    this.#server.on('wsClientError', (cause, socket, request) => this.#refuseHandshake(request, socket, cause.message));
  }

  get clients(): number {
    return this.#clients.size;
  }

  get maxClients(): number {
    return this.#maxClients;
  }

  set maxClients(maxClients: number) {
    if (!Number.isSafeInteger(maxClients)) throw new InvalidOptionError('hub.maxClients', 'a whole number', maxClients);
    this.#maxClients = Math.max(0, maxClients);
  }

  get events$(): Observable<HubEvent> {
    return this.#events.asObservable();
  }

  attach(server: UpgradingServer, path?: string): () => void {
    if (path !== undefined && !(typeof path === 'string' && path.startsWith('/'))) {
      throw new InvalidOptionError('hub.attach.path', 'a path that begins with /', path);
    }
    const takeOff = attach(server, path ?? '', (request, socket, head) => this.upgrade(request, socket, head));
    const detach = () => {
      this.#detachments.delete(detach);
      takeOff();
    };
    this.#detachments.add(detach);
    return detach;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const destroy = () => socket.destroy();
    socket.on('error', destroy);
    const peer = this.#options.peer(request);
    const admission = this.#reserve(peer);
    if ('refusal' in admission) {
      this.#refuse(socket, peer, admission.refusal, admission.answer);
      return;
    }
    const { slot } = admission;
    let client: Client | undefined;
    try {
      this.#server.handleUpgrade(request, socket, head, (upgraded) => {
        client = this.#open(upgraded, slot, peer);
      });
    } catch (cause) {
      this.#refuseHandshake(request, socket, String(cause));
    } finally {
      // An upgrade ends before it returns: granted, or the slot goes back (INV-15).
      if (client === undefined) slot.release();
      else socket.off('error', destroy);
    }
  }

  stats(): HubStats {
    return { clients: this.#clients.size, refused: this.#refused };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #reserve(peer: string): Admission {
    const { retryAfterMs } = this.#options;
    if (this.#stopped !== undefined) return drainingAdmission(retryAfterMs);
    if (this.#maxClients > 0 && this.#clients.size >= this.#maxClients) return fullAdmission(retryAfterMs);
    const slot = this.#keeper.reserve(peer);
    if (slot.reserved) return { slot };
    return slot.reason === 'capacity' ? fullAdmission(slot.retryAfterMs) : drainingAdmission(slot.retryAfterMs);
  }

  #open(socket: WebSocket, slot: Reservation, peer: string): Client {
    const wire = new Wire(socket, this.#options);
    const session = slot.open(wire);
    const deliver = (notice: Parameters<typeof encodeNotice>[0]) => wire.send(encodeNotice(notice));
    const notifier = this.#keeper.notifier(`websocket:${session.id}`, deliver, this.#options.notifier);
    const client = new Client({ peer, socket, session, notifier }, this.#listener);
    this.#clients.add(client);
    this.#events.next({ type: 'client.opened', id: client.id, peer, clients: this.#clients.size });
    return client;
  }

  readonly #listener = {
    failed: ({ id }: Client, cause: unknown) => this.#events.next({ type: 'client.failed', id, cause }),
    closed: (client: Client, reason: Parameters<Client['session']['end']>[0] & string) => {
      this.#clients.delete(client);
      this.#events.next({ type: 'client.closed', id: client.id, reason, clients: this.#clients.size });
    },
  };

  #refuseHandshake(request: IncomingMessage, socket: Duplex, text: string): void {
    this.#refuse(socket, this.#options.peer(request), 'handshake', { status: 400, text });
  }

  #refuse(socket: Duplex, peer: string, reason: UpgradeRefusal, answer: HandshakeAnswer): void {
    this.#refused += 1;
    refuseUpgrade(socket, answer);
    this.#events.next({ type: 'upgrade.refused', reason, peer, status: answer.status });
  }

  async #end(): Promise<void> {
    for (const detach of this.#detachments) detach();
    const sessions = Array.from(this.#clients, ({ session }) => session);
    for (const session of sessions) session.end('stopped');
    await Promise.all(sessions.map(({ closed }) => closed));
    this.#events.complete();
  }
}

function fullAdmission(retryAfterMs: number): Admission {
  const text = 'WebSocket connections at capacity, retry later';
  return { refusal: 'capacity', answer: { status: 503, text, retryAfterMs } };
}

function drainingAdmission(retryAfterMs: number): Admission {
  const text = 'Shutting down, retry elsewhere';
  return { refusal: 'draining', answer: { status: 503, text, retryAfterMs } };
}
