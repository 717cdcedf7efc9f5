import { type Clock, compile, createLeanActor } from '@watchkeeper/core';
import type { Client } from '../hub/hubClient.ts';
import { type Edition, encodeSnapshot, type Snapshot, type SnapshotFeed, type SnapshotSource } from './snapshot.ts';
import { type SpacingInput, spacingMachine } from './throttleMachine.ts';

const spacingLogic = compile(spacingMachine);
const createSpacing = (clock: Clock, input: SpacingInput) => createLeanActor(spacingLogic, { clock, input });

/** What a snapshot topic needs of its hub. */
export interface SnapshotHost {
  readonly clock: Clock;
  readonly floorMs: number;
  /** Everybody who is connected. */
  clients(): Iterable<Client>;
  /** The source threw. */
  failed(cause: unknown): void;
  /** The feed was stopped. */
  stopped(): void;
}

/** The present build for one scope. */
interface Build {
  readonly snapshot: Snapshot;
  readonly at: number;
}

/** The public face of one snapshot feed. */
export class SnapshotTopic implements SnapshotFeed {
  readonly topic: string;
  readonly #source: SnapshotSource;
  readonly #host: SnapshotHost;
  readonly #spacing: ReturnType<typeof createSpacing>;
  readonly #told = new WeakMap<Client, Edition>();
  #builds = new Map<string | undefined, Build>();

  constructor(topic: string, source: SnapshotSource, host: SnapshotHost) {
    this.topic = topic;
    this.#source = source;
    this.#host = host;
    const input = { floorMs: host.floorMs, publish: () => this.#publish() };
    this.#spacing = createSpacing(host.clock, input).start();
  }

  touch(): void {
    this.#send('touch');
  }

  /** Tells now what would be told at the end of the interval. */
  flush(): void {
    this.#send('flush');
  }

  stop(): void {
    if (this.#spacing.getSnapshot().status !== 'active') return;
    this.#spacing.stop();
    this.#host.stopped();
  }

  /** Tells a client that begins to read this topic the whole value. */
  welcome(client: Client): void {
    const { subscription } = client;
    if (!subscription.reads(this.topic)) return;
    const { scope } = subscription;
    const recent = this.#builds.get(scope);
    const isRecent = recent !== undefined && this.#host.clock.now() - recent.at < this.#host.floorMs;
    const snapshot = isRecent ? recent.snapshot : this.#present(scope);
    if (snapshot === undefined) return;
    this.#tell(client, snapshot, true);
    // Many may come within one interval: what has changed since, all are told at its end.
    if (isRecent) this.touch();
  }

  #send(type: 'touch' | 'flush'): void {
    if (this.#spacing.getSnapshot().status === 'active') this.#spacing.send({ type });
  }

  /** Tells each client the edition it has not been told. One look and at most one build for each scope. */
  #publish(): void {
    const present = new Map<string | undefined, Snapshot | undefined>();
    for (const client of this.#host.clients()) {
      if (!client.subscription.reads(this.topic)) continue;
      const { scope } = client.subscription;
      if (!present.has(scope)) present.set(scope, this.#present(scope));
      const snapshot = present.get(scope);
      const told = this.#told.get(client);
      if (snapshot === undefined || (told !== undefined && sameEdition(told, snapshot.edition))) continue;
      this.#tell(client, snapshot, told?.epoch !== snapshot.edition.epoch);
    }
    // A scope that nobody reads any more is forgotten.
    this.#builds = new Map([...this.#builds].filter(([scope]) => present.has(scope)));
  }

  #tell(client: Client, { edition, frame, resetFrame }: Snapshot, reset: boolean): void {
    this.#told.set(client, edition);
    // A reset must be seen: what follows it may be replaced, it may not.
    client.offer(reset ? { frame: resetFrame } : { frame, latestOf: this.topic });
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
