/** Why a watch has ended: we closed it, or the server said that there is nothing to watch. */
export type WatchEnd = 'closed' | 'gone';

/** What happens to the connection of a watch. */
export type SseWatchEvent =
  | { readonly type: 'opened'; readonly url: string }
  /** The server answered, but with no stream. */
  | { readonly type: 'refused'; readonly status: number; readonly retryAfterMs?: number }
  /** The connection failed, or what it brought was no stream of events. */
  | { readonly type: 'broken'; readonly cause: unknown }
  /** Nothing came for longer than it may. */
  | { readonly type: 'silent' }
  /** The server ended the stream. */
  | { readonly type: 'ended' }
  /** An event that is no notice was skipped. */
  | { readonly type: 'skipped'; readonly event: string; readonly data: string }
  | { readonly type: 'waiting'; readonly ms: number; readonly failures: number }
  | { readonly type: 'closed'; readonly reason: WatchEnd };
