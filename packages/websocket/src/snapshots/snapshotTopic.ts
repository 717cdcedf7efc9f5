import { type Clock, compile, createLeanActor } from '@watchkeeper/core';
import type { QueuedFrame } from '../connection/sendQueueMachine.ts';
import type { Subscription } from '../upgrade/subscription.ts';
import { type Edition, encodeSnapshot, type Snapshot, type SnapshotFeed, type SnapshotSource } from './snapshot.ts';
import { type ThrottleInput, throttleMachine } from './throttleMachine.ts';

const throttleLogic = compile(throttleMachine);
const createThrottle = (clock: Clock, input: ThrottleInput) => createLeanActor(throttleLogic, { clock, input });

/** The part of a hub's client that a snapshot topic needs. */
export interface SnapshotReader {
  readonly subscription: Subscription;
  /** Puts a frame behind those that wait for this client. */
  offer(queued: QueuedFrame): void;
}

/** The part of a hub that a snapshot topic needs. */
export interface SnapshotHost {
  readonly clock: Clock;
  readonly minIntervalMs: number;
  /** Every connected client. */
  clients(): Iterable<SnapshotReader>;
  /** Called when the source threw. */
  failed(cause: unknown): void;
  /** Called when the feed was stopped. */
  stopped(): void;
}

/** The latest snapshot built for one scope, and when. */
interface Build {
  readonly snapshot: Snapshot;
  readonly at: number;
}

/** One snapshot feed of a hub: builds each edition once a scope and sends it to every client that reads the topic. */
export class SnapshotTopic implements SnapshotFeed {
  readonly topic: string;
  readonly #source: SnapshotSource;
  readonly #host: SnapshotHost;
  readonly #throttle: ReturnType<typeof createThrottle>;
  readonly #sent = new WeakMap<SnapshotReader, Edition>();
  #builds = new Map<string | undefined, Build>();

  constructor(topic: string, source: SnapshotSource, host: SnapshotHost) {
    this.topic = topic;
    this.#source = source;
    this.#host = host;
    const input = { minIntervalMs: host.minIntervalMs, publish: () => this.#publish() };
    this.#throttle = createThrottle(host.clock, input).start();
  }

  touch(): void {
    this.#send('touch');
  }

  /** Publishes at once what waits for the end of the interval. */
  flush(): void {
    this.#send('flush');
  }

  stop(): void {
    if (this.#throttle.getSnapshot().status !== 'active') return;
    this.#throttle.stop();
    this.#host.stopped();
  }

  /** Sends the whole value to a client that begins to read this topic. */
  addReader(reader: SnapshotReader): void {
    const { subscription } = reader;
    if (!subscription.reads(this.topic)) return;
    const { scope } = subscription;
    const recent = this.#builds.get(scope);
    const isRecent = recent !== undefined && this.#host.clock.now() - recent.at < this.#host.minIntervalMs;
    const snapshot = isRecent ? recent.snapshot : this.#present(scope);
    if (snapshot === undefined) return;
    this.#sendTo(reader, snapshot, true);
    // Many clients may join within one interval: what has changed since, they all get at its end.
    if (isRecent) this.touch();
  }

  #send(type: 'touch' | 'flush'): void {
    if (this.#throttle.getSnapshot().status === 'active') this.#throttle.send({ type });
  }

  /** Sends the present edition to each client that lacks it. Asks the source once a scope and builds at most once. */
  #publish(): void {
    const present = new Map<string | undefined, Snapshot | undefined>();
    for (const client of this.#host.clients()) {
      if (!client.subscription.reads(this.topic)) continue;
      const { scope } = client.subscription;
      if (!present.has(scope)) present.set(scope, this.#present(scope));
      const snapshot = present.get(scope);
      const sent = this.#sent.get(client);
      if (snapshot === undefined || (sent !== undefined && sameEdition(sent, snapshot.edition))) continue;
      this.#sendTo(client, snapshot, sent?.epoch !== snapshot.edition.epoch);
    }
    // A scope without readers is forgotten.
    this.#builds = new Map([...this.#builds].filter(([scope]) => present.has(scope)));
  }

  #sendTo(reader: SnapshotReader, { edition, frame, resetFrame }: Snapshot, reset: boolean): void {
    this.#sent.set(reader, edition);
    // A reset must be seen: what follows it may be replaced, it may not.
    reader.offer(reset ? { frame: resetFrame } : { frame, latestOf: this.topic });
  }

  #present(scope: string | undefined): Snapshot | undefined {
    try {
      const edition = this.#source.edition(scope);
      const build = this.#builds.get(scope);
      if (build !== undefined && sameEdition(build.snapshot.edition, edition)) return build.snapshot;
      const snapshot = encodeSnapshot(this.topic, edition, this.#source.build(scope));
      this.#builds.set(scope, { snapshot, at: this.#host.clock.now() });
      return snapshot;
    } catch (cause) {
      this.#host.failed(cause);
      return undefined;
    }
  }
}

function sameEdition(one: Edition, other: Edition): boolean {
  return one.epoch === other.epoch && one.revision === other.revision;
}
