import { type Clock, systemClock } from '@watchkeeper/core';
import { clockRule, randomRule } from '@watchkeeper/core/adapters';
import { callable, positiveMs, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { GrpcChannel } from './grpcChannel.ts';
import { type GrpcTarget, targetDefaults, targetRules } from './grpcTarget.ts';
import type { HealthChannel } from './healthChannel.ts';

/** Options of `watchHealth`. */
export interface WatchHealthOptions extends GrpcTarget {
  /**
   * How often to ask a server that has Check but no Watch, in milliseconds.
   * @default 10000
   */
  readonly pollMs?: number;
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
  clock: clockRule,
  random: randomRule,
  connect: callable<(target: GrpcTarget) => HealthChannel>(),
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveWatchHealthOptions(given: WatchHealthOptions): Required<WatchHealthOptions> {
  const defaults: Required<WatchHealthOptions> = {
    ...targetDefaults,
    target: '',
    pollMs: 10_000,
    clock: systemClock(),
    random: Math.random,
    connect: (target) => new GrpcChannel(target),
  };
  return resolveOptions<Required<WatchHealthOptions>>('watchHealth', rules, defaults, given ?? {});
}
