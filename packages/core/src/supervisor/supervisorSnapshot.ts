import { isMonitorSnapshot, type MonitorSnapshot } from '../monitor/monitorSnapshot.ts';
import type { Rule } from '../rules.ts';

/** Snapshots of all monitors of a supervisor at one moment. Plain and serialisable: write it down as JSON, and give it to a later program. */
export type SupervisorSnapshot = {
  readonly version: 1;
  /** Epoch milliseconds. */
  readonly at: number;
  /** By monitor id. */
  readonly monitors: Readonly<Record<string, MonitorSnapshot>>;
};

export const snapshotRule: Rule<SupervisorSnapshot | undefined> = {
  is: 'what keeper.snapshot() answered, or left out',
  accepts: (value): value is SupervisorSnapshot | undefined => {
    if (value === undefined) return true;
    if (typeof value !== 'object' || value === null) return false;
    const { version, at, monitors } = value as Partial<SupervisorSnapshot>;
    if (version !== 1 || !Number.isFinite(at) || typeof monitors !== 'object' || monitors === null) return false;
    return Object.values(monitors).every(isMonitorSnapshot);
  },
};

/** Snapshot of one monitor, or that it has expired. */
export type RestoreResult =
  | { readonly kind: 'fresh'; readonly snapshot: MonitorSnapshot; readonly ageMs: number }
  | { readonly kind: 'expired'; readonly ageMs: number };

/** Snapshots of the monitors of an earlier program, each given out once. */
export class RestoredMonitors {
  readonly #at: number;
  readonly #maxAgeMs: number;
  readonly #snapshots: Map<string, MonitorSnapshot>;

  constructor(snapshot: SupervisorSnapshot | undefined, maxAgeMs: number) {
    this.#at = snapshot?.at ?? 0;
    this.#maxAgeMs = maxAgeMs;
    // Copies: what their owner does to them later changes nothing.
    this.#snapshots = new Map(Object.entries(snapshot?.monitors ?? {}).map(([id, each]) => [id, { ...each }]));
  }

  /** Returns the snapshot of a monitor, once. One that is too old, or from the future, has expired. */
  take(id: string, now: number): RestoreResult | undefined {
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined) return undefined;
    this.#snapshots.delete(id);
    const ageMs = now - this.#at;
    return ageMs < 0 || ageMs > this.#maxAgeMs ? { kind: 'expired', ageMs } : { kind: 'fresh', snapshot, ageMs };
  }
}
