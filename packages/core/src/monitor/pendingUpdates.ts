import type { Health } from '../model/health.ts';
import type { Probe } from '../model/probe.ts';
import type { ResolvedMonitorOptions } from './monitorOptions.ts';

/** The start of a pause, with its end where it has one and its detail; or the end of a pause. */
export type PauseChange =
  | {
      readonly paused: true;
      readonly until: number | undefined;
      readonly detail: string | undefined;
      readonly assumed: Health | undefined;
    }
  | { readonly paused: false };

/** An update that a monitor has not applied yet. */
export interface PendingUpdate {
  readonly options: ResolvedMonitorOptions;
  /** Absent where the probe stays. */
  readonly probe?: Probe;
  /** Absent where it stays paused, or not paused, as it was. */
  readonly pause?: PauseChange;
}

/** Updates of monitors that have not started, or wait for their restart: a crash must not lose them. */
export class PendingUpdates {
  readonly #pending = new WeakMap<object, PendingUpdate>();

  /** The update that `child` has not applied yet. */
  get(child: object): PendingUpdate | undefined {
    return this.#pending.get(child);
  }

  /** Adds `update` to what `child` has not applied yet. */
  merge(child: object, update: PendingUpdate): void {
    this.#pending.set(child, { ...this.#pending.get(child), ...update });
  }

  /** Removes and returns the update that `child` has not applied yet. */
  take(child: object): PendingUpdate | undefined {
    const update = this.#pending.get(child);
    this.#pending.delete(child);
    return update;
  }
}
