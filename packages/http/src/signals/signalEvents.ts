import type { DrainReport } from '@watchkeeper/core';
import type { SuspectOption } from '@watchkeeper/core/options';

/** Cause of the exit code. */
export type EndCause = 'drained' | 'cutShort' | 'failed' | 'signal' | 'hardDeadline';

/** Event between a signal and the end of the process. */
export type SignalEvent =
  /** An option in milliseconds reads as if seconds were meant; told at once. It is obeyed as it stands. */
  | ({ readonly type: 'option.suspect' } & SuspectOption)
  | { readonly type: 'signal.received'; readonly signal: NodeJS.Signals }
  /** A signal came again and changes nothing: the program is leaving already. */
  | { readonly type: 'signal.repeated'; readonly signal: NodeJS.Signals }
  | { readonly type: 'drain.ended'; readonly report: DrainReport }
  /** The drain could not begin, or what was to finish threw. */
  | { readonly type: 'ending.failed'; readonly cause: unknown }
  | { readonly type: 'process.ended'; readonly code: number; readonly because: EndCause };
