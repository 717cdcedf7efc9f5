export { EventTooLongError, SseParser, type SsePart } from './sseParser.ts';
export type { SourceEvent, SourceInput } from './sseSource.ts';
export { type SseWatch, watchSse } from './watchSse.ts';
export type { SseWatchFact, WatchEnd } from './watchSseFact.ts';
export { type WatchSseContext, type WatchSseInput, watchSseMachine } from './watchSseMachine.ts';
export {
  type FetchStream,
  type ResolvedWatchSseOptions,
  type WatchSseOptions,
  watchSseDefaults,
} from './watchSseOptions.ts';
