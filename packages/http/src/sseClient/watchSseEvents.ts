/** Reason of a watch's end: `closed` by us, or `gone`, since the server said that there is nothing to watch. */
export type WatchEnd = 'closed' | 'gone';

/** Event of a watch's connection. */
export type SseWatchEvent =
  | { readonly type: 'opened'; readonly url: string }
  /** The server responded, but with no stream. */
  | { readonly type: 'refused'; readonly status: number; readonly retryAfterMs?: number }
  /** The connection failed, or its response was no stream of events. */
  | { readonly type: 'broken'; readonly cause: unknown }
  /** What takes the notices threw. The next comes all the same. */
  | { readonly type: 'failed'; readonly cause: unknown }
  /** Nothing was received for longer than allowed. */
  | { readonly type: 'silent' }
  /** The server ended the stream. */
  | { readonly type: 'ended' }
  /** An event that is no notice was skipped. */
  | { readonly type: 'skipped'; readonly event: string; readonly data: string }
  | { readonly type: 'waiting'; readonly ms: number; readonly failures: number }
  | { readonly type: 'closed'; readonly reason: WatchEnd };
