import type { SupervisorSnapshot } from '@watchkeeper/core';
import type { HistorySnapshot } from '../history/historyOptions.ts';

/** What an archive holds: the state that outlives a program. */
export interface SavedState {
  /** For the option `resume` of `createSupervisor`. */
  readonly supervisor: SupervisorSnapshot;
  /** For the option `resume` of {@link keepHistory}. */
  readonly history?: HistorySnapshot;
}

/** A store of one {@link SavedState}. Anything with these methods is an archive. */
export interface Archive {
  /** @returns what was written last; undefined where nothing was. */
  read(): SavedState | undefined;
  /** Replaces what was written before, wholly or not at all. */
  write(state: SavedState): void | Promise<void>;
  /** Closes the store. Nothing is written afterwards. */
  close(): void | Promise<void>;
}
