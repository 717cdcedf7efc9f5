import { type Clock, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import { callable, durationMs, positiveMs, type Rules, resolveOptions } from '@watchkeeper/core/options';

/** How a server's connections are drained. */
export interface HttpDrainOptions {
  /**
   * Names whoever connects, for the cap on sessions of one peer. Behind a proxy all connections are the proxy's: answer
   * `undefined` there. Must not throw.
   * @default the remote address
   */
  readonly peerOf?: (socket: { readonly remoteAddress?: string | undefined }) => string | undefined;
  /**
   * Over how long HTTP/2 sessions are told to go, each at a moment of its own, so that their clients do not come back
   * as one. In milliseconds; never more than half of the drain's grace.
   * @default 1000
   */
  readonly staggerMs?: number;
  /**
   * How long connections that have no slot may finish what they have begun, after everybody else has gone, in milliseconds.
   * @default 1000
   */
  readonly lateMs?: number;
  /**
   * How often the peer of an HTTP/2 session is asked whether it is still there, in milliseconds; 0 never asks. Without
   * it a peer that vanished keeps its slot for as long as the host believes in it.
   * @default 30000
   */
  readonly pingIntervalMs?: number;
  /**
   * How long it may take to answer before its session ends as `stalled`, in milliseconds.
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

/** How connections are drained when nothing is said. */
export const httpDrainDefaults = {
  peerOf: ({ remoteAddress }) => remoteAddress,
  staggerMs: 1_000,
  lateMs: 1_000,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  random: Math.random,
} as const satisfies Required<Omit<HttpDrainOptions, 'clock'>>;

const httpDrainRules: Rules<HttpDrainOptions> = {
  peerOf: callable<Required<HttpDrainOptions>['peerOf']>(),
  staggerMs: durationMs,
  lateMs: durationMs,
  pingIntervalMs: durationMs,
  pongTimeoutMs: positiveMs,
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
