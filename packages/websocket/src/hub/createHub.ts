import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type Clock,
  type CloseReason,
  type ConnectionAgeOptions,
  compile,
  createLeanActor,
  InvalidOptionError,
} from '@watchkeeper/core';
import { ownAgeOf } from '@watchkeeper/core/adapters';
import { objectWith, requireOption } from '@watchkeeper/core/options';
import { type Observable, Subject } from 'rxjs';
import { WebSocketServer } from 'ws';
import { type Batch, encodeBatch } from '../entries/batches.ts';
import { type BatchInput, batchMachine } from '../entries/batchMachine.ts';
import { BatchLog } from '../resume/batchLog.ts';
import { CursorFrames } from '../resume/cursor.ts';
import type { SnapshotFeed, SnapshotOptions, SnapshotSource } from '../snapshots/snapshot.ts';
import { resolveSnapshotOptions, sourceRule } from '../snapshots/snapshot.ts';
import { SnapshotTopic } from '../snapshots/snapshotTopic.ts';
import { type Authorized, Authorizer, type AuthResult, peerOf } from '../upgrade/authorize.ts';
import { type Refused, refusals, refuseUpgrade, type UpgradeRefusal } from '../upgrade/refuseUpgrade.ts';
import { excessOf, resumeOfUrl, Subscription, topicsOfUrl } from '../upgrade/subscription.ts';
import type { UpgradingServer } from '../upgrade/upgradeRoutes.ts';
import { addUpgradeRoute, type UpgradeHandler } from '../upgrade/upgradeRoutes.ts';
import type { Hub, HubSupervisor } from './hub.ts';
import { HubClient, type HubClientHost } from './hubClient.ts';
import { HubCounters, type HubEvent, type HubStats } from './hubEvents.ts';
import { type HubOptions, type ResolvedHubOptions, resolveHubOptions } from './hubOptions.ts';

const batchLogic = compile(batchMachine);
const createBatches = (clock: Clock, input: BatchInput) => createLeanActor(batchLogic, { clock, input });

/**
 * Makes a hub: WebSocket clients of a supervisor, each with a session and a notifier of its own.
 *
 * @throws `InvalidOptionError` naming the first option that breaks its rule.
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
 * hub.publish('logs', { level: 'info', text: 'listening' });
 * ```
 */
export function createHub(keeper: HubSupervisor, options?: HubOptions): Hub {
  requireOption('hub.keeper', objectWith<HubSupervisor>('reserve', 'notifier'), keeper);
  return new WebSocketHub(keeper, resolveHubOptions(options));
}

/** The {@link Hub} that {@link createHub} returns. */
class WebSocketHub implements Hub, HubClientHost {
  readonly keeper: HubSupervisor;
  readonly options: ResolvedHubOptions;
  readonly id = crypto.randomUUID().slice(0, 8);
  readonly batchLog: BatchLog;
  readonly cursorFrames = new CursorFrames();
  readonly #age: ConnectionAgeOptions;
  readonly #authorizer: Authorizer;
  readonly #server: WebSocketServer;
  readonly #batches: ReturnType<typeof createBatches>;
  readonly #clients = new Set<HubClient>();
  readonly #feeds = new Map<string, SnapshotTopic>();
  readonly #detachments = new Set<() => void>();
  readonly #counters = new HubCounters();
  readonly #events = new Subject<HubEvent>();
  #maxClients = 0;
  /** Whether a client has asked for cursors: before that, no batch is kept. */
  #retains = false;
  #stopped: Promise<void> | undefined;

  constructor(keeper: HubSupervisor, options: ResolvedHubOptions) {
    this.keeper = keeper;
    this.options = options;
    this.maxClients = options.maxClients;
    this.#age = ownAgeOf(options);
    this.batchLog = new BatchLog(options.maxRetainedBatches);
    this.#authorizer = new Authorizer(options);
    // `closeTimeout` is newer than the types of ws: it bounds a close that ws or the peer begins.
    const settings = {
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxMessageBytes,
      closeTimeout: options.closeTimeoutMs,
      // Without this ws confirms the first one that is offered, whatever it is.
      handleProtocols: (offered: ReadonlySet<string>) =>
        [...offered].find((name) => options.subprotocols.includes(name)) ?? false,
    };
    this.#server = new WebSocketServer(settings);
    // Without a listener ws would answer by itself, and nobody would know.
    this.#server.on('wsClientError', ({ message }, socket, request) =>
      this.#refuse(request, socket, refusals.handshake(message, request)),
    );
    const { maxBatchEntries: maxEntries, batchMs, clock } = options;
    const emit = (batch: Batch) => this.#send(batch);
    this.#batches = createBatches(clock, { maxEntries, batchMs, emit }).start();
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
    const upgrade: UpgradeHandler = (request, socket, head) => this.upgrade(request, socket, head);
    const removeRoute = addUpgradeRoute(server, path ?? '', upgrade, this.options);
    const detach = () => {
      this.#detachments.delete(detach);
      removeRoute();
    };
    this.#detachments.add(detach);
    return detach;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Between the server, which has let go of it, and the WebSocket, a socket's failure would be nobody's.
    const destroy = () => socket.destroy();
    socket.on('error', destroy);
    const conclude = (result: AuthResult) => {
      if ('refused' in result) this.#refuse(request, socket, result.refused);
      else if (this.#admit(request, socket, head, result.authorized)) socket.off('error', destroy);
    };
    const result = this.#authorizer.authorize(request);
    if (result instanceof Promise) void result.then(conclude);
    else conclude(result);
  }

  publish(topic: string, entry: unknown, { scope }: { readonly scope?: string } = {}): void {
    if (typeof topic !== 'string') throw new InvalidOptionError('hub.publish.topic', 'a string', topic);
    const json = toJson(entry);
    const feed = this.#feeds.get(topic);
    if (this.#stopped !== undefined) this.emit({ type: 'entry.dropped', topic });
    else if (feed !== undefined) feed.touch();
    else if (this.#clients.size > 0 || this.#retains)
      this.#batches.send({ type: 'entry', key: { topic, scope }, entry: json });
  }

  snapshots(topic: string, source: SnapshotSource, options?: SnapshotOptions): SnapshotFeed {
    if (typeof topic !== 'string' || this.#feeds.has(topic)) {
      throw new InvalidOptionError('hub.snapshots.topic', 'a topic without a feed', topic);
    }
    if (!sourceRule.accepts(source)) throw new InvalidOptionError('hub.snapshots.source', sourceRule.is, source);
    const { minIntervalMs } = resolveSnapshotOptions(options);
    const feed = new SnapshotTopic(topic, source, {
      clock: this.options.clock,
      minIntervalMs,
      clients: () => this.#clients,
      failed: (cause) => this.emit({ type: 'snapshot.failed', topic, cause }),
      stopped: () => this.#feeds.delete(topic),
    });
    this.#feeds.set(topic, feed);
    feed.touch();
    return feed;
  }

  stats(): HubStats {
    return { clients: this.#clients.size, ...this.#counters.counts };
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  flush(): void {
    if (this.#batches.getSnapshot().status === 'active') this.#batches.send({ type: 'flush' });
    for (const feed of this.#feeds.values()) feed.flush();
  }

  emit(event: HubEvent): void {
    this.#counters.count(event);
    this.#events.next(event);
  }

  subscribed(client: HubClient, resume: string | undefined): void {
    this.#retains ||= resume !== undefined;
    client.catchUp(resume);
    for (const feed of this.#feeds.values()) feed.addReader(client);
  }

  closed(client: HubClient, reason: CloseReason): void {
    this.#clients.delete(client);
    this.emit({ type: 'client.closed', id: client.id, reason, clients: this.#clients.size });
  }

  /** Takes a slot and makes the upgrade, which ends before it returns: granted, or the slot goes back (INV-15). */
  #admit(request: IncomingMessage, socket: Duplex, head: Buffer, authorized: Authorized): boolean {
    const requested = topicsOfUrl(request.url);
    const excess = excessOf(requested, this.options);
    if (excess !== undefined) {
      this.#refuse(request, socket, refusals.handshake(`Refused: ${excess.reason}`));
      return false;
    }
    const subscription = new Subscription(authorized.grant, requested);
    const slot = this.#reserve(authorized.peer, subscription.topics);
    if ('reason' in slot) {
      this.#refuse(request, socket, slot);
      return false;
    }
    let client: HubClient | undefined;
    try {
      this.#server.handleUpgrade(request, socket, head, (upgraded) => {
        const resume = resumeOfUrl(request.url);
        client = new HubClient(this, { socket: upgraded, stream: socket, slot, authorized, subscription, resume });
        this.#clients.add(client);
        this.emit({ type: 'client.opened', id: client.id, peer: authorized.peer, clients: this.#clients.size });
        this.subscribed(client, resume);
      });
    } catch (cause) {
      this.#refuse(request, socket, refusals.failed(cause));
    } finally {
      if (client === undefined) slot.release();
    }
    return client !== undefined;
  }

  #reserve(peer: string, topics: readonly string[] | undefined) {
    const { retryAfterMs } = this.options;
    if (this.#stopped !== undefined) return refusals.draining(retryAfterMs);
    if (this.#maxClients > 0 && this.#clients.size >= this.#maxClients) return refusals.capacity(retryAfterMs);
    const slot = this.keeper.reserve(peer, { topics: topics ?? [], ...this.#age });
    return slot.reserved ? slot : { ...refusals[slot.reason](slot.retryAfterMs), counted: true };
  }

  #refuse(request: IncomingMessage, socket: Duplex, refused: Refused): void {
    const { reason, status, cause, counted = false } = refused;
    refuseUpgrade(socket, refused, this.options);
    if (!counted) this.#noteRefusal(request, reason);
    const address = request.socket.remoteAddress;
    this.emit({ type: 'upgrade.refused', reason, status, address, ...(cause === undefined ? {} : { cause }) });
  }

  #noteRefusal(request: IncomingMessage, reason: UpgradeRefusal): void {
    const peer = peerOf(request, this.options);
    this.keeper.noteRefusal?.({ by: 'websocket', reason, ...(peer === undefined ? {} : { peer }) });
  }

  #send(batch: Batch): void {
    let frame = this.#retains ? encodeBatch(batch) : undefined;
    const seq = frame === undefined ? undefined : this.batchLog.add(batch, frame).seq;
    for (const client of this.#clients) {
      if (!client.subscription.hears(batch.topic, batch.scope)) continue;
      frame ??= encodeBatch(batch);
      client.offer(seq === undefined ? { frame } : { frame, batch: seq });
    }
  }

  async #end(): Promise<void> {
    for (const detach of this.#detachments) detach();
    this.flush();
    this.#batches.stop();
    for (const feed of this.#feeds.values()) feed.stop();
    const sessions = Array.from(this.#clients, ({ session }) => session);
    for (const session of sessions) session.end('stopped');
    await Promise.all(sessions.map(({ closed }) => closed));
    this.#events.complete();
  }
}

function toJson(entry: unknown): string {
  let cause: unknown;
  try {
    const json: string | undefined = JSON.stringify(entry);
    if (json !== undefined) return json;
  } catch (error) {
    cause = error;
  }
  throw new InvalidOptionError('hub.publish.entry', 'a value that JSON can hold', entry, cause);
}
