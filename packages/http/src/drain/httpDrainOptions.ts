import { type Clock, systemClock } from '@watchkeeper/core';
import {
  clockRule,
  type OwnConnectionAge,
  ownConnectionAgeDefaults,
  ownConnectionAgeRules,
  randomRule,
} from '@watchkeeper/core/adapters';
import { callable, durationMs, positiveMs, type Rules, resolveOptions, texts } from '@watchkeeper/core/options';

/** Options of `drainHttpServer`. */
export interface HttpDrainOptions extends OwnConnectionAge {
  /**
   * Names the peer of a connection, for the cap on sessions of one peer. Behind a proxy all connections are the proxy's:
   * return `undefined` there. Must not throw.
   * @default the remote address
   */
  readonly peerOf?: (socket: { readonly remoteAddress?: string | undefined }) => string | undefined;
  /**
   * The paths of health checks: they are answered on connections without a slot too, and who asks for nothing else in a
   * drain is counted apart.
   * @default ['/livez', '/readyz', '/startupz', '/health']
   */
  readonly healthPaths?: readonly string[];
  /**
   * The time over which the GOAWAYs of HTTP/2 sessions are spread at random, so that their clients do not come back as
   * one. In milliseconds; never more than half of the drain's grace.
   * @default 1000
   */
  readonly staggerMs?: number;
  /**
   * How long a connection that has not asked for anything may still send its first request once clients are told to go,
   * from when it was accepted, in milliseconds; never more than half of the drain's grace. The rest of a request's head
   * that has begun to come may take as long.
   * @default 2000
   */
  readonly firstRequestMs?: number;
  /**
   * How long a connection that we have closed goes on reading until its peer closes its own end, in milliseconds. What
   * is destroyed with unread input is reset, and its last answer may be lost.
   * @default 2000
   */
  readonly closeTimeoutMs?: number;
  /**
   * How long connections without a slot may finish their requests, after all sessions have ended, in milliseconds. What
   * `firstRequestMs` and `closeTimeoutMs` give, it does not take.
   * @default 1000
   */
  readonly lateMs?: number;
  /**
   * Interval of pings to the peer of an HTTP/2 session, in milliseconds; 0 sends none. Without them a peer that vanished
   * keeps its slot until the host notices.
   * @default 30000
   */
  readonly pingIntervalMs?: number;
  /**
   * How long the answer to a ping may take before the session ends as `stalled`, in milliseconds.
   * @default 10000
   */
  readonly pongTimeoutMs?: number;
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

/** Defaults of {@link HttpDrainOptions}. */
export const httpDrainDefaults = {
  peerOf: ({ remoteAddress }) => remoteAddress,
  healthPaths: ['/livez', '/readyz', '/startupz', '/health'],
  staggerMs: 1_000,
  firstRequestMs: 2_000,
  closeTimeoutMs: 2_000,
  lateMs: 1_000,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  ...ownConnectionAgeDefaults,
  random: Math.random,
} as const satisfies Required<Omit<HttpDrainOptions, 'clock'>>;

const httpDrainRules: Rules<HttpDrainOptions> = {
  peerOf: callable<Required<HttpDrainOptions>['peerOf']>(),
  healthPaths: texts,
  staggerMs: durationMs,
  firstRequestMs: durationMs,
  closeTimeoutMs: durationMs,
  lateMs: durationMs,
  pingIntervalMs: durationMs,
  pongTimeoutMs: positiveMs,
  ...ownConnectionAgeRules,
  clock: clockRule,
  random: randomRule,
};

/** Options that are complete and checked. */
export type ResolvedHttpDrainOptions = Readonly<Required<HttpDrainOptions>>;

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveHttpDrainOptions(given: HttpDrainOptions | undefined): ResolvedHttpDrainOptions {
  const defaults = { ...httpDrainDefaults, clock: systemClock() };
  return resolveOptions<Required<HttpDrainOptions>>('drainHttpServer', httpDrainRules, defaults, given);
}
