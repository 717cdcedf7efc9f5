export type { StreamEvent, StreamInput } from './sseClient/fetchStream.ts';
export { EventTooLongError, SseParser, type SsePart } from './sseClient/sseParser.ts';
export { type SseWatch, watchSse } from './sseClient/watchSse.ts';
export type { SseWatchEvent, WatchEnd } from './sseClient/watchSseEvents.ts';
export { type WatchSseContext, type WatchSseInput, watchSseMachine } from './sseClient/watchSseMachine.ts';
export {
  type FetchStream,
  type ResolvedWatchSseOptions,
  type WatchSseOptions,
  watchSseDefaults,
} from './sseClient/watchSseOptions.ts';
