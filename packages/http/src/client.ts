export { SseParser, type SsePart } from './sseParser.ts';
export { type SseWatch, watchSse } from './watchSse.ts';
export type { SseWatchFact, WatchEnd } from './watchSseFact.ts';
export { watchSseMachine } from './watchSseMachine.ts';
export { type WatchSseOptions, watchSseDefaults } from './watchSseOptions.ts';
