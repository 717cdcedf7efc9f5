import { type Clock, InvalidOptionError, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import { callable, optional, positiveMs, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { ClientSocket, Connect } from './socketActor.ts';

/** Options of a client. Every option may be left out. */
export interface ClientOptions {
  /**
   * The topics to read; `''` is the health of the whole program.
   * @default every topic
   */
  readonly topics?: readonly string[] | undefined;
  /**
   * Makes each socket: `(url) => new WebSocket(url)`, with headers where the host allows it.
   * @default the host's own `WebSocket`
   */
  readonly connect?: Connect;
  /**
   * How long a connection may take to open, in milliseconds.
   * @default 10000
   */
  readonly connectTimeoutMs?: number;
  /**
   * The ceiling of the first wait after a connection that failed or broke, in milliseconds; it doubles with each
   * one in a row. A wait is drawn between half of its ceiling and all of it.
   * @default 500
   */
  readonly retryMinMs?: number;
  /**
   * The highest ceiling of a wait, in milliseconds.
   * @default 30000
   */
  readonly retryMaxMs?: number;
  /**
   * The shortest wait after the server restarts (1012) or is overloaded (1013), in milliseconds.
   * @default 5000
   */
  readonly restartMinMs?: number;
  /**
   * The longest such wait, in milliseconds. Told by a goaway to come back later than that, a client draws its wait.
   * @default 30000
   */
  readonly restartMaxMs?: number;
  /**
   * After a goaway the client moves within its grace, at a moment drawn at random within this time, in
   * milliseconds. Where the goaway says when to come back, it does so then, and stays away until then if that is later.
   * @default 5000
   */
  readonly leaveWithinMs?: number;
  /**
   * A connection that stays open for longer than this ends the counting of failures, in milliseconds.
   * @default 10000
   */
  readonly lastingMs?: number;
  /**
   * Returns the address to connect to when a goaway names `uri`; `undefined` stays with `url`. Follow any address only
   * for a server that you trust.
   * @default only to the same host, or stay
   */
  readonly redirect?: (uri: string | undefined, url: string) => string | undefined;
  /**
   * The source of time (INV-78).
   * @default the system's clock
   */
  readonly clock?: Clock;
  /**
   * The source of chance: a number from 0 up to 1.
   * @default Math.random
   */
  readonly random?: () => number;
}

/** Options that are complete and checked. */
export type ResolvedClientOptions = Readonly<Required<ClientOptions>>;

/** Defaults of {@link ClientOptions}. */
export const clientDefaults = {
  topics: undefined,
  connectTimeoutMs: 10_000,
  retryMinMs: 500,
  retryMaxMs: 30_000,
  restartMinMs: 5_000,
  restartMaxMs: 30_000,
  leaveWithinMs: 5_000,
  lastingMs: 10_000,
  redirect: sameHost,
  random: Math.random,
} as const satisfies Required<Omit<ClientOptions, 'connect' | 'clock'>>;

const topics: Rule<readonly string[]> = {
  is: 'an array of strings',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((topic) => typeof topic === 'string'),
};

const clientRules: Rules<ClientOptions> = {
  topics: optional(topics),
  connect: callable<Connect>(),
  connectTimeoutMs: positiveMs,
  retryMinMs: positiveMs,
  retryMaxMs: positiveMs,
  restartMinMs: positiveMs,
  restartMaxMs: positiveMs,
  leaveWithinMs: positiveMs,
  lastingMs: positiveMs,
  redirect: callable<(uri: string | undefined, url: string) => string | undefined>(),
  clock: clockRule,
  random: randomRule,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveClientOptions(given: ClientOptions | undefined): ResolvedClientOptions {
  const defaults: ResolvedClientOptions = { ...clientDefaults, connect: hostConnect, clock: systemClock() };
  const resolved = resolveOptions<ResolvedClientOptions>('client', clientRules, defaults, given);
  if (resolved.connect === hostConnect && hostWebSocket() === undefined) {
    throw new InvalidOptionError('client.connect', 'given, since this host has no WebSocket', given?.connect);
  }
  if (resolved.restartMaxMs < resolved.restartMinMs) {
    throw new InvalidOptionError('client.restartMaxMs', 'at least restartMinMs', resolved.restartMaxMs);
  }
  return resolved;
}

/** @throws `InvalidOptionError` when `given` is no list of topics. */
export function requireTopics(given: readonly string[] | undefined): void {
  const rule = optional(topics);
  if (!rule.accepts(given)) throw new InvalidOptionError('client.subscribe.topics', rule.is, given);
}

function hostWebSocket(): (new (url: string) => ClientSocket) | undefined {
  return (globalThis as { WebSocket?: new (url: string) => ClientSocket }).WebSocket;
}

function hostConnect(url: string): ClientSocket {
  const WebSocket = hostWebSocket();
  if (WebSocket === undefined) throw new TypeError('This host has no WebSocket');
  return new WebSocket(url);
}

function sameHost(uri: string | undefined, url: string): string | undefined {
  if (uri === undefined || !URL.canParse(uri, url)) return undefined;
  const target = new URL(uri, url);
  const { hostname, protocol } = new URL(url);
  return target.hostname === hostname && target.protocol === protocol ? target.href : undefined;
}
