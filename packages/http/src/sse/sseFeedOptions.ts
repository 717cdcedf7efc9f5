import { type Clock, systemClock } from '@watchkeeper/core';
import {
  clockRule,
  type NotifierLimits,
  notifierLimitsRule,
  type OwnConnectionAge,
  ownConnectionAgeDefaults,
  ownConnectionAgeRules,
  randomRule,
  resolveNotifierLimits,
} from '@watchkeeper/core/adapters';
import {
  callable,
  durationMs,
  optional,
  positiveMs,
  type Rule,
  type Rules,
  ratio,
  resolveOptions,
} from '@watchkeeper/core/options';
import type { HttpRequest } from '../listener.ts';

/** Options of `sseFeed`. */
export interface SseFeedOptions extends OwnConnectionAge {
  /**
   * Names the peer of a request, for the cap on sessions of one peer. Must not throw.
   * @default the remote address of the connection
   */
  readonly peerOf?: (request: HttpRequest) => string | undefined;
  /**
   * Topics that a client gets: ids of monitors, `''` for the whole; `undefined` for all. Must not throw.
   * @default all topics
   */
  readonly topicsOf?: (request: HttpRequest) => readonly string[] | undefined;
  /**
   * The shortest wait of a client before it connects again, in milliseconds. In a drain with `reconnectSpreadMs` the
   * goaway sets the wait instead.
   * @default 2000
   */
  readonly retryMs?: number;
  /**
   * The share of `retryMs` that is added to it at random, so that clients sent away together come back one by one.
   * @default 1
   */
  readonly retryJitter?: number;
  /**
   * A comment is sent after a silence of this long, in milliseconds. 0 sends none.
   * @default 15000
   */
  readonly keepAliveMs?: number;
  /**
   * Names the numbering of changes, so that a client never resumes by the numbers of another program, or of this one
   * when it ran before. Feeds of one supervisor may share a name: a client of one may then go on at another.
   * @default a random one
   */
  readonly feedId?: string | undefined;
  /**
   * Limits of each client's notifier: when a client that does not read is a stall, and when it is evicted.
   * @default those of the supervisor
   */
  readonly notifier?: NotifierLimits | undefined;
  /**
   * The source of time for keep-alives.
   * @default the process's clock
   */
  readonly clock?: Clock;
  /**
   * The source of chance: a number from 0 up to 1, as `Math.random`.
   * @default Math.random
   */
  readonly random?: () => number;
}

/** Defaults of {@link SseFeedOptions}. */
export const sseFeedDefaults = {
  peerOf: ({ socket }: HttpRequest) => socket?.remoteAddress,
  topicsOf: () => undefined,
  retryMs: 2_000,
  retryJitter: 1,
  keepAliveMs: 15_000,
  feedId: undefined,
  notifier: undefined,
  ...ownConnectionAgeDefaults,
  random: Math.random,
} as const satisfies Required<Omit<SseFeedOptions, 'clock'>>;

const feedIdRule: Rule<string> = {
  is: '1 to 64 letters, digits, - or _',
  accepts: (value): value is string => typeof value === 'string' && /^[\w-]{1,64}$/.test(value),
};

const sseFeedRules: Rules<SseFeedOptions> = {
  peerOf: callable<(request: HttpRequest) => string | undefined>(),
  topicsOf: callable<(request: HttpRequest) => readonly string[] | undefined>(),
  retryMs: positiveMs,
  retryJitter: ratio,
  keepAliveMs: durationMs,
  feedId: optional(feedIdRule),
  notifier: optional(notifierLimitsRule),
  ...ownConnectionAgeRules,
  clock: clockRule,
  random: randomRule,
};

/** Options that are complete and checked. */
export type ResolvedSseFeedOptions = Readonly<Required<SseFeedOptions>> & { readonly feedId: string };

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveSseFeedOptions(given: SseFeedOptions | undefined): ResolvedSseFeedOptions {
  const defaults: Required<SseFeedOptions> = { ...sseFeedDefaults, clock: systemClock() };
  const resolved = resolveOptions<Required<SseFeedOptions>>('sseFeed', sseFeedRules, defaults, given);
  // Checked here and not when the first client comes; what is left out stays the supervisor's.
  resolveNotifierLimits('sseFeed.notifier', resolved.notifier);
  return { ...resolved, feedId: resolved.feedId ?? crypto.randomUUID().slice(0, 8) };
}
