import type { DrainReport } from '@watchkeeper/core';

/** Why the process ends with the code it ends with. */
export type EndCause = 'drained' | 'cutShort' | 'failed' | 'signal' | 'hardDeadline';

/** What happens between a signal and the end of the process. */
export type SignalEvent =
  | { readonly type: 'signal.received'; readonly signal: NodeJS.Signals }
  | { readonly type: 'drain.ended'; readonly report: DrainReport }
  /** The drain could not begin, or what was to finish threw. */
  | { readonly type: 'ending.failed'; readonly cause: unknown }
  | { readonly type: 'process.ended'; readonly code: number; readonly because: EndCause };
