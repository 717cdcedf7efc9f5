import { objectWith, positiveMs, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { textFrame } from '../connection/textFrame.ts';

/** Edition of a value. Revisions of different epochs cannot be compared. */
export interface Edition {
  readonly epoch: string | number;
  readonly revision: number;
}

/** A value of which clients need the latest and not every step. What it throws is an event and harms nobody. */
export interface SnapshotSource {
  /** Returns the present edition for a scope. Called often: keep it cheap. */
  edition(scope: string | undefined): Edition;
  /** Returns the whole value for a scope, as JSON can hold it. Called once for each edition that is sent. */
  build(scope: string | undefined): unknown;
}

/** Options of a snapshot feed. */
export interface SnapshotOptions {
  /**
   * The shortest time between two snapshots, in milliseconds; the last change within it is sent at its end.
   * @default 2000
   */
  readonly minIntervalMs?: number;
}

/** A topic whose clients get the whole value: when they begin to read it, then with each new edition. */
export interface SnapshotFeed {
  readonly topic: string;
  /** Call when there may be a new edition. Returns at once. */
  touch(): void;
  /** Ends the feed; the topic takes entries again. */
  stop(): void;
}

/** One edition for one scope, as it goes over the wire. */
export interface Snapshot {
  readonly edition: Edition;
  /** For whoever has the edition before. */
  readonly frame: Buffer;
  /** For whoever has none, or one that no longer counts. */
  readonly resetFrame: Buffer;
}

/** Encodes a value once for all clients of one scope (INV-24). */
export function encodeSnapshot(topic: string, edition: Edition, value: unknown): Snapshot {
  const json = JSON.stringify(value) ?? 'null';
  const frame = (reset: boolean) =>
    textFrame(
      `{"type":"snapshot","topic":${JSON.stringify(topic)},"epoch":${JSON.stringify(edition.epoch)},` +
        `"revision":${edition.revision},"reset":${reset},"value":${json}}`,
    );
  return { edition, frame: frame(false), resetFrame: frame(true) };
}
export const sourceRule: Rule<SnapshotSource> = objectWith<SnapshotSource>('edition', 'build');
export const snapshotRules: Rules<SnapshotOptions> = { minIntervalMs: positiveMs };
/** @throws `InvalidOptionError` for the first option that breaks its rule. */

export function resolveSnapshotOptions(given: SnapshotOptions | undefined): Required<SnapshotOptions> {
  return resolveOptions<Required<SnapshotOptions>>('snapshots', snapshotRules, { minIntervalMs: 2000 }, given);
}
