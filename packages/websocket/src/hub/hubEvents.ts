import type { CloseReason } from '@watchkeeper/core';
import type { UpgradeRefusal } from '../upgrade/refuseUpgrade.ts';

/** Event of a hub (INV-77). `id` is the client's, the same as its session's. */
export type HubEvent =
  /** `clients` is how many there are with it. */
  | { readonly type: 'client.opened'; readonly id: string; readonly peer: string; readonly clients: number }
  /** `clients` is how many are left. */
  | { readonly type: 'client.closed'; readonly id: string; readonly reason: CloseReason; readonly clients: number }
  /** The peer broke the protocol or a limit, or its socket failed. The client's end follows. */
  | { readonly type: 'client.failed'; readonly id: string; readonly cause: unknown }
  /** The peer did not answer a ping. The client's end follows. */
  | { readonly type: 'client.silent'; readonly id: string; readonly waitedMs: number }
  | {
      readonly type: 'upgrade.refused';
      readonly reason: UpgradeRefusal;
      readonly status: number;
      readonly address: string | undefined;
      readonly cause?: unknown;
    }
  /** A message that is no subscription. */
  | { readonly type: 'message.ignored'; readonly id: string }
  /** A client fell too far behind: these frames it will never get. Its end follows. */
  | { readonly type: 'frames.dropped'; readonly id: string; readonly frames: number }
  /** The source of a snapshot threw, or what it built JSON cannot hold. Its clients keep what they have. */
  | { readonly type: 'snapshot.failed'; readonly topic: string; readonly cause: unknown }
  /** A client came back from so long ago, or from another hub, that entries it has missed are no longer kept. It is told. */
  | { readonly type: 'resume.expired'; readonly id: string }
  /** Published after the hub stopped. */
  | { readonly type: 'entry.dropped'; readonly topic: string };

/** Figures of one moment. Plain and serialisable. */
export type HubStats = {
  readonly clients: number;
  /** Upgrades not granted, since the hub was made; so with the others. */
  readonly refused: number;
  readonly ignoredMessages: number;
  readonly droppedFrames: number;
  readonly droppedEntries: number;
  readonly failedSnapshots: number;
  readonly expiredResumes: number;
};

/** Counters of losses and refusals, whether or not anybody listens to the events. */
export class HubCounters {
  readonly #counts = {
    refused: 0,
    ignoredMessages: 0,
    droppedFrames: 0,
    droppedEntries: 0,
    failedSnapshots: 0,
    expiredResumes: 0,
  };

  count(event: HubEvent): void {
    if (event.type === 'upgrade.refused') this.#counts.refused += 1;
    else if (event.type === 'message.ignored') this.#counts.ignoredMessages += 1;
    else if (event.type === 'frames.dropped') this.#counts.droppedFrames += event.frames;
    else if (event.type === 'entry.dropped') this.#counts.droppedEntries += 1;
    else if (event.type === 'snapshot.failed') this.#counts.failedSnapshots += 1;
    else if (event.type === 'resume.expired') this.#counts.expiredResumes += 1;
  }

  get counts(): Omit<HubStats, 'clients'> {
    return { ...this.#counts };
  }
}
