import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Supervisor } from '@watchkeeper/core';
import type { Observable } from 'rxjs';
import type { SnapshotFeed, SnapshotOptions, SnapshotSource } from '../snapshots/snapshot.ts';
import type { UpgradingServer } from '../upgrade/upgradeRoutes.ts';
import type { HubEvent, HubStats } from './hubEvents.ts';

/** The part of a supervisor that a hub needs; it may also count whom the hub turns away by itself. */
export type HubSupervisor = Pick<Supervisor, 'reserve' | 'notifier'> & Partial<Pick<Supervisor, 'noteRefusal'>>;

/** Sends the notices of a supervisor to WebSocket clients: the present state first, then each change, then goaway. */
export interface Hub extends AsyncDisposable {
  /** Clients connected now. */
  readonly clients: number;
  /** The cap; assigning a lower one ends nobody, a higher one admits at once, 0 or less admits any number (INV-16). */
  maxClients: number;
  /** Events from now on; completes when the hub has stopped. */
  readonly events$: Observable<HubEvent>;
  /**
   * Takes the upgrade requests for `path` of a server. A request that no hub and nobody else there takes is
   * answered with 404.
   *
   * @param path with its leading slash; left out, every path.
   * @returns a function that removes the hub from the server.
   * @throws `InvalidOptionError` when `path` is not one.
   */
  attach(server: UpgradingServer, path?: string): () => void;
  /** Handles one upgrade request, wherever it comes from: admits or refuses the client. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Sends an entry to the clients that read `topic` and are of `scope`, in batches of
   * `{"type":"entries","topic":…,"entries":[…]}`. Returns at once. A client that cannot keep up is ended (INV-21).
   *
   * An entry without a scope reaches no client that has one, and the other way round.
   *
   * @throws `InvalidOptionError` when JSON cannot hold `entry`.
   */
  publish(topic: string, entry: unknown, options?: { readonly scope?: string }): void;
  /**
   * Sends a whole value instead of single entries: each client gets it when it begins to read `topic`
   * (`"reset":true`), then each new edition, with `reset` again when the epoch changed. From now on an entry
   * published to `topic` is not sent: it counts as a {@link SnapshotFeed.touch}.
   *
   * @throws `InvalidOptionError` when the topic has a feed, or an argument breaks its rule.
   */
  snapshots(topic: string, source: SnapshotSource, options?: SnapshotOptions): SnapshotFeed;
  /** Figures of this moment. */
  stats(): HubStats;
  /**
   * Sends what was published, ends this hub and its clients (1001), and leaves the supervisor running.
   * Memoised (INV-18).
   */
  stop(): Promise<void>;
}
