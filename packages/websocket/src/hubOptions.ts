import type { IncomingMessage } from 'node:http';
import {
  type Clock,
  callable,
  type NotifierOptions,
  notifierDefaults,
  objectWith,
  positiveCount,
  positiveMs,
  type Rule,
  type Rules,
  resolveOptions,
  systemClock,
  wholeNumber,
} from '@watchkeeper/core';
import type { SlowClientCode } from './closeFrame.ts';

/** How a hub works. Every option may be left out. */
export interface HubOptions {
  /**
   * Clients of this hub at once, beside the supervisor's own `maxSessions`; 0 or less is no limit (INV-16).
   * @default 0
   */
  readonly maxClients?: number;
  /**
   * What a client refused by {@link HubOptions.maxClients} is told to wait, in milliseconds.
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
   * Limits of each client's notifier: how long one may take no notice before it is evicted.
   * @default the defaults of notifiers
   */
  readonly notifier?: NotifierOptions;
  /**
   * The close code for a client that is evicted because it is too slow: 1013 invites it back, 1008 does not.
   * @default 1013
   */
  readonly slowClientCode?: SlowClientCode;
  /**
   * A client with more than this many bytes unsent is told nothing new until it has read. In bytes.
   * @default 65536
   */
  readonly maxBufferedBytes?: number;
  /**
   * The largest message a client may send, in bytes; a larger one ends the client with 1009.
   * @default 1048576
   */
  readonly maxMessageBytes?: number;
  /**
   * How long a client may take to answer a close before its socket is destroyed, in milliseconds. Keep it
   * below the supervisor's `closeTimeoutMs`.
   * @default 1000
   */
  readonly closeTimeoutMs?: number;
  /**
   * Where all time comes from (INV-78). Give it the supervisor's.
   * @default the system's clock
   */
  readonly clock?: Clock;
}

/** Options that are complete and checked. */
export type ResolvedHubOptions = Readonly<Required<HubOptions>>;

/** What a hub does when nothing is said. */
export const hubDefaults = {
  maxClients: 0,
  retryAfterMs: 1_000,
  peer: (request) => request.socket.remoteAddress ?? 'unknown',
  notifier: notifierDefaults,
  slowClientCode: 1013,
  maxBufferedBytes: 65_536,
  maxMessageBytes: 1_048_576,
  closeTimeoutMs: 1_000,
} as const satisfies Required<Omit<HubOptions, 'clock'>>;

const slowClientCode: Rule<SlowClientCode> = {
  is: '1008 or 1013',
  accepts: (value): value is SlowClientCode => value === 1008 || value === 1013,
};

const nested: Rule<object> = {
  is: 'an object of options',
  accepts: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const hubRules: Rules<HubOptions> = {
  maxClients: wholeNumber,
  retryAfterMs: positiveMs,
  peer: callable<(request: IncomingMessage) => string>(),
  notifier: nested,
  slowClientCode,
  maxBufferedBytes: positiveCount,
  maxMessageBytes: positiveCount,
  closeTimeoutMs: positiveMs,
  clock: objectWith<Clock>('now', 'setTimeout', 'clearTimeout'),
};

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolveHubOptions(given: HubOptions | undefined): ResolvedHubOptions {
  return resolveOptions<Required<HubOptions>>('hub', hubRules, { ...hubDefaults, clock: systemClock() }, given);
}
