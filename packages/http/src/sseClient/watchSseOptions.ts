import { type Clock, type Notice, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import { callable, objectWith, positiveCount, positiveMs, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { SseWatchEvent } from './watchSseEvents.ts';

/** Function that requests a stream: the host's `fetch`, or one of its shape. */
export type FetchStream = (
  url: string,
  init: { readonly headers: Record<string, string>; readonly signal: AbortSignal; readonly cache: 'no-store' },
) => Promise<Response>;

/** Options of `watchSse`. */
export interface WatchSseOptions {
  /** Called with every notice, in order. What it throws is an uncaught error of your program; the watch goes on. */
  readonly onNotice: (notice: Notice) => void;
  /** Called with every event of the connection. */
  readonly report?: (event: SseWatchEvent) => void;
  /**
   * Sent with every request, such as an authorisation.
   * @default none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether to go where a goaway points. Must not throw.
   * @default when it is of the same origin
   */
  readonly follows?: (to: URL, from: URL) => boolean;
  /**
   * The wait before connecting again, until the server sets it with `retry:`. In milliseconds.
   * @default 1000
   */
  readonly retryMs?: number;
  /**
   * Ceiling of the wait, which doubles with each failure, and of what the server asks for by `retry:` and `Retry-After`;
   * up to half as much again comes on top at random. Only a goaway's `reconnectAfterMs` is waited for whole, since it gives
   * each client its turn. In milliseconds.
   * @default 30000
   */
  readonly maxRetryMs?: number;
  /**
   * How long a response may take to begin, in milliseconds.
   * @default 10000
   */
  readonly connectTimeoutMs?: number;
  /**
   * How long the stream may be silent before it counts as dead. Must exceed the server's keep-alive. In milliseconds.
   * @default 45000
   */
  readonly idleTimeoutMs?: number;
  /**
   * The most characters that a single event may have.
   * @default 1048576
   */
  readonly maxEventLength?: number;
  /**
   * Requests the stream.
   * @default the host's fetch
   */
  readonly fetch?: FetchStream;
  /**
   * The source of time.
   * @default the process's clock
   */
  readonly clock?: Clock;
  /**
   * The source of chance: a number from 0 up to 1, as `Math.random`.
   * @default Math.random
   */
  readonly random?: () => number;
}

/** Defaults of {@link WatchSseOptions}. */
export const watchSseDefaults = {
  report: () => {},
  headers: {},
  follows: (to, from) => to.origin === from.origin,
  retryMs: 1_000,
  maxRetryMs: 30_000,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 45_000,
  maxEventLength: 1_048_576,
  fetch: (url, init) => fetch(url, init),
  random: Math.random,
} as const satisfies Required<Omit<WatchSseOptions, 'onNotice' | 'clock'>>;

const watchSseRules: Rules<WatchSseOptions> = {
  onNotice: callable<(notice: Notice) => void>(),
  report: callable<(event: SseWatchEvent) => void>(),
  headers: { ...objectWith<Record<string, string>>(), is: 'an object of headers' },
  follows: callable<(to: URL, from: URL) => boolean>(),
  retryMs: positiveMs,
  maxRetryMs: positiveMs,
  connectTimeoutMs: positiveMs,
  idleTimeoutMs: positiveMs,
  maxEventLength: positiveCount,
  fetch: callable<FetchStream>(),
  clock: clockRule,
  random: randomRule,
};

/** Options that are complete and checked. */
export type ResolvedWatchSseOptions = Readonly<Required<WatchSseOptions>>;

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveWatchSseOptions(given: WatchSseOptions): ResolvedWatchSseOptions {
  // There is no default for `onNotice`: left out, it breaks its rule.
  const defaults: Partial<Required<WatchSseOptions>> = { ...watchSseDefaults, clock: systemClock() };
  return resolveOptions<Required<WatchSseOptions>>(
    'watchSse',
    watchSseRules,
    defaults as Required<WatchSseOptions>,
    given === undefined ? {} : given,
  );
}
