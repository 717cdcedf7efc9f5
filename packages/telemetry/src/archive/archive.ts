import type { SupervisorSnapshot } from '@watchkeeper/core';
import type { HistorySnapshot } from '../history/historyOptions.ts';

/** What outlives a program. */
export interface Saved {
  /** For the option `resume` of `createSupervisor`. */
  readonly keeper: SupervisorSnapshot;
  /** For the option `resume` of {@link keepHistory}. */
  readonly history?: HistorySnapshot;
}

/** Where it is kept. Anything with these methods is an archive. */
export interface Archive {
  /** What was written last; nothing where nothing was. */
  read(): Saved | undefined;
  /** Replaces what was written before, wholly or not at all. */
  write(saved: Saved): void | Promise<void>;
  /** Lets go of it. Nothing is written afterwards. */
  close(): void | Promise<void>;
}
