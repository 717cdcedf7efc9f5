/** Frames of the feed; their shapes are those of `@watchkeeper/websocket/client` and `@watchkeeper/http/client`. */
export type Frame =
  | { readonly type: 'health'; readonly topic: string; readonly health: string; readonly detail?: string }
  | { readonly type: 'goaway'; readonly reason: string; readonly graceMs: number }
  | { readonly type: 'entries'; readonly topic: 'orders'; readonly entries: readonly Order[] }
  | {
      readonly type: 'snapshot';
      readonly topic: 'figures';
      readonly revision: number;
      readonly reset: boolean;
      readonly value: Figures;
    };

export type Order = {
  readonly number: number;
  readonly at: number;
  readonly what: string;
  readonly cents: number;
  readonly outcome: 'paid' | 'declined';
};

export type Figures = {
  readonly orders: number;
  readonly declined: number;
  readonly cents: number;
  readonly declinedLately: number;
};

/** State of a connection. */
export type FeedState = 'connecting' | 'open' | 'leaving' | 'waiting';

/** Whoever reads a feed. */
export interface Reader {
  frame(frame: Frame): void;
  /** `words` say for people what happened. */
  state(state: FeedState, words: string): void;
}

/** A lasting connection to a feed, whichever way. */
export interface Connection {
  /** Reads these topics from now on. */
  subscribe(topics: readonly string[]): void;
  close(): void;
}
