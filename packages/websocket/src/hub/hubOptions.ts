import type { IncomingMessage } from 'node:http';
import { type Clock, systemClock } from '@watchkeeper/core';
import {
  clockRule,
  type NotifierLimits,
  notifierLimitDefaults,
  notifierLimitsRule,
  type OwnConnectionAge,
  ownConnectionAgeDefaults,
  ownConnectionAgeRules,
  resolveNotifierLimits,
} from '@watchkeeper/core/adapters';
import {
  callable,
  durationMs,
  oneOf,
  positiveCount,
  positiveMs,
  type Rule,
  type Rules,
  resolveOptions,
  wholeNumber,
} from '@watchkeeper/core/options';
import type { SlowClientCode } from '../connection/closeFrame.ts';
import type { AllowOrigin, Authenticate } from '../upgrade/grant.ts';

/** Options of a hub. Every option may be left out. */
export interface HubOptions extends OwnConnectionAge {
  /**
   * Clients of this hub at once, beside the supervisor's own `maxSessions`; 0 or less is no limit (INV-16).
   * @default 0
   */
  readonly maxClients?: number;
  /**
   * `Retry-After` for a client refused by {@link HubOptions.maxClients}, in milliseconds.
   * @default 1000
   */
  readonly retryAfterMs?: number;
  /**
   * Names the peer of a request, for the supervisor's `maxSessionsPerPeer`. Behind a proxy, read it from a
   * header that the proxy sets.
   * @default the remote address
   */
  readonly peer?: (request: IncomingMessage) => string;
  /**
   * Whether pages of an origin may connect; `false` is answered with 403. A browser sends cookies along from any
   * page, so a hub that trusts cookies must look here.
   * @default every origin
   */
  readonly allowOrigin?: AllowOrigin;
  /**
   * Authenticates a client before it takes a slot; `undefined` is answered with 401.
   * @default every client may read everything that has no scope
   */
  readonly authenticate?: Authenticate;
  /**
   * How long {@link HubOptions.authenticate} may take, in milliseconds; then the client gets 503 and `Retry-After`.
   * @default 5000
   */
  readonly handshakeTimeoutMs?: number;
  /**
   * Requests that may wait for {@link HubOptions.authenticate} at once; others get 503 and `Retry-After`.
   * @default 1024
   */
  readonly maxHandshakes?: number;
  /**
   * Treatment of a client that does not take a notice: `conflate` keeps only the latest of each topic for it for
   * as long as `notifier.evictAfterMs` allows, `evict` ends it at the first stall (`notifier.stallAfterMs`).
   * Entries are never conflated: a client whose queue of them is full is ended either way (INV-21).
   * @default 'conflate'
   */
  readonly slowClient?: 'conflate' | 'evict';
  /**
   * Limits of each client's notifier: how long one may take no notice before it is evicted.
   * @default the defaults of notifiers
   */
  readonly notifier?: NotifierLimits;
  /**
   * The close code for a client that is evicted because it is too slow: 1013 invites it back, 1008 does not.
   * @default 1013
   */
  readonly slowClientCode?: SlowClientCode;
  /**
   * A client with more than this many bytes unsent is sent nothing new until it has read. In bytes.
   * @default 65536
   */
  readonly maxBufferedBytes?: number;
  /**
   * The largest message a client may send, in bytes; a larger one ends the client with 1009.
   * @default 1048576
   */
  readonly maxMessageBytes?: number;
  /**
   * Messages one client may send within a second; one more ends it with 1008.
   * @default 20
   */
  readonly maxMessagesPerSecond?: number;
  /**
   * Topics one client may subscribe to by name.
   * @default 64
   */
  readonly maxTopics?: number;
  /**
   * The longest name of a topic that a client may subscribe to, in characters; a longer one in the request is refused,
   * and in a message ends the client with 1008.
   * @default 1024
   */
  readonly maxTopicLength?: number;
  /**
   * Subprotocols that this hub speaks. The first one that a client offers and that is here is confirmed; where there
   * is none, none is, and a browser that offered some hangs up (RFC 6455, 4.1).
   * @default []
   */
  readonly subprotocols?: readonly string[];
  /**
   * Entries of one topic and scope that make a batch without waiting longer.
   * @default 100
   */
  readonly maxBatchEntries?: number;
  /**
   * How long an entry may wait for others, in milliseconds.
   * @default 500
   */
  readonly batchMs?: number;
  /**
   * Batches that may wait for one client; one more ends it with {@link HubOptions.slowClientCode}.
   * @default 256
   */
  readonly maxQueuedFrames?: number;
  /**
   * Batches that are kept for clients that come back with a cursor, once there was one that asked for cursors. One that
   * lacks more is told that it missed some.
   * @default 64
   */
  readonly maxRetainedBatches?: number;
  /**
   * Interval of pings to each client, in milliseconds; 0 sends none.
   * @default 30000
   */
  readonly pingIntervalMs?: number;
  /**
   * How long the answer to a ping may take before the client counts as gone, in milliseconds.
   * @default 10000
   */
  readonly pongTimeoutMs?: number;
  /**
   * How long a client may take to answer a close before its socket is destroyed, in milliseconds. Keep it
   * below the supervisor's `closeTimeoutMs`.
   * @default 1000
   */
  readonly closeTimeoutMs?: number;
  /**
   * The source of time (INV-78). Give it the supervisor's.
   * @default the system's clock
   */
  readonly clock?: Clock;
}

/** Options that are complete and checked. */
export type ResolvedHubOptions = Readonly<Required<HubOptions>> & {
  readonly notifier: Required<NotifierLimits>;
};

/** Defaults of {@link HubOptions}. */
export const hubDefaults = {
  maxClients: 0,
  retryAfterMs: 1_000,
  peer: (request) => request.socket.remoteAddress ?? 'unknown',
  allowOrigin: () => true,
  authenticate: () => ({}),
  handshakeTimeoutMs: 5_000,
  maxHandshakes: 1_024,
  slowClient: 'conflate',
  notifier: notifierLimitDefaults,
  slowClientCode: 1013,
  maxBufferedBytes: 65_536,
  maxMessageBytes: 1_048_576,
  maxMessagesPerSecond: 20,
  maxTopics: 64,
  maxTopicLength: 1_024,
  subprotocols: [],
  maxBatchEntries: 100,
  batchMs: 500,
  maxQueuedFrames: 256,
  maxRetainedBatches: 64,
  pingIntervalMs: 30_000,
  pongTimeoutMs: 10_000,
  closeTimeoutMs: 1_000,
  ...ownConnectionAgeDefaults,
} as const satisfies Required<Omit<HubOptions, 'clock'>>;

const slowClientCode: Rule<SlowClientCode> = {
  is: '1008 or 1013',
  accepts: (value): value is SlowClientCode => value === 1008 || value === 1013,
};

/** Names of subprotocols are tokens of HTTP (RFC 9110, 5.6.2). */
const subprotocols: Rule<readonly string[]> = {
  is: 'a list of subprotocol names without spaces and separators',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((name) => typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name)),
};

const hubRules: Rules<HubOptions> = {
  maxClients: wholeNumber,
  retryAfterMs: positiveMs,
  peer: callable<(request: IncomingMessage) => string>(),
  allowOrigin: callable<AllowOrigin>(),
  authenticate: callable<Authenticate>(),
  handshakeTimeoutMs: positiveMs,
  maxHandshakes: positiveCount,
  slowClient: oneOf('conflate', 'evict'),
  notifier: notifierLimitsRule,
  slowClientCode,
  maxBufferedBytes: positiveCount,
  maxMessageBytes: positiveCount,
  maxMessagesPerSecond: positiveCount,
  maxTopics: positiveCount,
  maxTopicLength: positiveCount,
  subprotocols,
  maxBatchEntries: positiveCount,
  batchMs: positiveMs,
  maxQueuedFrames: positiveCount,
  maxRetainedBatches: positiveCount,
  pingIntervalMs: durationMs,
  pongTimeoutMs: positiveMs,
  closeTimeoutMs: positiveMs,
  ...ownConnectionAgeRules,
  clock: clockRule,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule, at any depth. */
export function resolveHubOptions(given: HubOptions | undefined): ResolvedHubOptions {
  const defaults: Required<HubOptions> = { ...hubDefaults, clock: systemClock() };
  const resolved = resolveOptions<Required<HubOptions>>('hub', hubRules, defaults, given);
  const notifier = resolveNotifierLimits('hub.notifier', resolved.notifier);
  // Evicted as soon as it stalls: the shortest wait that a notifier knows.
  return { ...resolved, notifier: resolved.slowClient === 'evict' ? { ...notifier, evictAfterMs: 1 } : notifier };
}
