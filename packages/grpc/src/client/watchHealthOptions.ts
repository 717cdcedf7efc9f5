import { type Clock, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import { callable, positiveMs, type Rule, type Rules, requireOption, resolveOptions } from '@watchkeeper/core/options';
import { GrpcChannel } from './grpcChannel.ts';
import { type GrpcTarget, hostOfTarget, refuseEgressByProxy, targetDefaults, targetRules } from './grpcTarget.ts';
import type { HealthChannel } from './healthChannel.ts';

/** Options of `watchHealth`. */
export interface WatchHealthOptions extends GrpcTarget {
  /**
   * How often to ask a server that has Check but no Watch, in milliseconds.
   * @default 10000
   */
  readonly pollMs?: number;
  /**
   * Returns the target to go to when the server goes away and names `uri`; `undefined` stays with `target`. Follow any
   * address only for a server that you trust.
   * @default to `grpc://` without TLS and `grpcs://` with it, on the same host only
   */
  readonly redirect?: (uri: string, target: string) => string | undefined;
  /**
   * Where time comes from.
   * @default the system's clock
   */
  readonly clock?: Clock;
  /**
   * Where chance comes from: a number from 0 up to 1.
   * @default Math.random
   */
  readonly random?: () => number;
  /**
   * Makes the connection; for tests, or for a transport of one's own.
   * @default a connection of `@grpc/grpc-js`
   */
  readonly connect?: (target: GrpcTarget) => HealthChannel;
}

const rules: Rules<WatchHealthOptions> = {
  ...targetRules,
  pollMs: positiveMs,
  redirect: callable<(uri: string, target: string) => string | undefined>(),
  clock: clockRule,
  random: randomRule,
  connect: callable<(target: GrpcTarget) => HealthChannel>(),
};

const readable: Rule<WatchHealthOptions> = {
  is: 'an object of options that can be read',
  accepts: (value): value is WatchHealthOptions =>
    typeof value === 'object' && value !== null && Object.values(value).length >= 0,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveWatchHealthOptions(given: WatchHealthOptions): Required<WatchHealthOptions> {
  requireOption('watchHealth', readable, given === undefined ? {} : given);
  const defaults: Required<WatchHealthOptions> = {
    ...targetDefaults,
    target: '',
    pollMs: 10_000,
    redirect: sameHost(given?.tls === undefined ? 'grpc:' : 'grpcs:'),
    clock: systemClock(),
    random: Math.random,
    connect: (target) => new GrpcChannel(target),
  };
  const options = given === undefined ? {} : given;
  const resolved = resolveOptions<Required<WatchHealthOptions>>('watchHealth', rules, defaults, options);
  refuseEgressByProxy('watchHealth', resolved);
  return resolved;
}

/** Follows an address of the same host, with the same kind of connection. */
const sameHost =
  (scheme: string) =>
  (uri: string, target: string): string | undefined => {
    if (!URL.canParse(uri)) return undefined;
    const { protocol, host } = new URL(uri);
    return protocol === scheme && host !== '' && hostOfTarget(host) === hostOfTarget(target) ? host : undefined;
  };
