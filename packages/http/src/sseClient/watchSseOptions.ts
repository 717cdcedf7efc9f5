import { type Clock, type Notice, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import { callable, objectWith, positiveCount, positiveMs, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { SseWatchEvent } from './watchSseEvents.ts';

/** Asks for a stream: the host's `fetch`, or a function of its shape. */
export type FetchStream = (
  url: string,
  init: { readonly headers: Record<string, string>; readonly signal: AbortSignal; readonly cache: 'no-store' },
) => Promise<Response>;

/** How a feed is watched. */
export interface WatchSseOptions {
  /** Hears every notice, in order. What it throws is an uncaught error of your program; the watch goes on. */
  readonly onNotice: (notice: Notice) => void;
  /** Hears what happens to the connection. */
  readonly report?: (fact: SseWatchEvent) => void;
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
   * How long to wait before connecting again, until the server says so itself with `retry:`. In milliseconds.
   * @default 1000
   */
  readonly retryMs?: number;
  /**
   * What doubling the wait with each failure does not go beyond, in milliseconds.
   * @default 30000
   */
  readonly maxRetryMs?: number;
  /**
   * How long an answer may take, in milliseconds.
   * @default 10000
   */
  readonly connectTimeoutMs?: number;
  /**
   * How long the stream may be silent before it counts as dead: more than the server's keep-alive. In milliseconds.
   * @default 45000
   */
  readonly idleTimeoutMs?: number;
  /**
   * The most characters of a single event.
   * @default 1048576
   */
  readonly maxEventLength?: number;
  /**
   * What asks for the stream.
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

/** How a feed is watched when nothing is said. */
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
  report: callable<(fact: SseWatchEvent) => void>(),
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
  const defaults = { ...watchSseDefaults, clock: systemClock(), onNotice: given?.onNotice };
  return resolveOptions<Required<WatchSseOptions>>('watchSse', watchSseRules, defaults, given ?? {});
}
