import type { Probe } from '../model/probe.ts';
import type { ResolvedMonitorOptions } from './monitorOptions.ts';

/** A pause, with when it ends by itself and how it is called; or the end of one. */
export type PauseChange =
  | { readonly paused: true; readonly until: number | undefined; readonly detail: string | undefined }
  | { readonly paused: false };

/** What a monitor was told to become. */
export interface Amendment {
  readonly options: ResolvedMonitorOptions;
  /** Absent where the probe stays. */
  readonly probe?: Probe;
  /** Absent where it stays paused or asking, as it was. */
  readonly pause?: PauseChange;
}

/** Updates that monitors have not taken yet, because they have not begun or wait to begin again: a crash must not lose them. */
export class Amendments {
  readonly #pending = new WeakMap<object, Amendment>();

  /** What `child` has still to take. */
  of(child: object): Amendment | undefined {
    return this.#pending.get(child);
  }

  /** Keeps what `child` has to take beside what it had to take before. */
  keep(child: object, amendment: Amendment): void {
    this.#pending.set(child, { ...this.#pending.get(child), ...amendment });
  }

  /** What `child` had still to take, which it takes now. */
  take(child: object): Amendment | undefined {
    const amendment = this.#pending.get(child);
    this.#pending.delete(child);
    return amendment;
  }
}
