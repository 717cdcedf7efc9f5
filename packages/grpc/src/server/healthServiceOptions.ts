import {
  type NotifierLimits,
  notifierLimitsRule,
  type OwnConnectionAge,
  ownConnectionAgeDefaults,
  ownConnectionAgeRules,
  resolveNotifierLimits,
} from '@watchkeeper/core/adapters';
import { callable, optional, positiveCount, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import type { HealthCheckRequest } from '../protocol/healthProto.ts';
import type { ServerCall } from './serverCall.ts';

/**
 * Options of `healthService`. Every option may be left out. The maximum age is that of a Watch; connections have the
 * server's own option, `grpc.max_connection_age_ms`.
 */
export interface HealthServiceOptions extends OwnConnectionAge {
  /**
   * The names clients may ask for, each with the id of the monitor behind it; `''`, the whole program, is always one.
   * @default every monitor, under its own id
   */
  readonly services?: Readonly<Record<string, string>> | undefined;
  /**
   * Different unknown names that may be watched at once; a Watch of one more is refused.
   * @default 100
   */
  readonly maxUnknownNames?: number;
  /**
   * The longest name that may be watched, in characters.
   * @default 1024
   */
  readonly maxNameLength?: number;
  /**
   * Names the peer of a Watch, for the supervisor's `maxSessionsPerPeer`.
   * @default the client's address, without its port
   */
  readonly peerOf?: (call: ServerCall<HealthCheckRequest>) => string;
  /**
   * Limits of each Watch's notifier: when a client that does not read is given up.
   * @default those of the supervisor
   */
  readonly notifier?: NotifierLimits | undefined;
}

const addressOf = (call: ServerCall<HealthCheckRequest>): string => call.getPeer().replace(/:\d+$/, '') || 'unknown';

const defaults: Required<HealthServiceOptions> = {
  services: undefined,
  maxUnknownNames: 100,
  maxNameLength: 1_024,
  peerOf: addressOf,
  notifier: undefined,
  ...ownConnectionAgeDefaults,
};

const namesOfMonitors: Rule<Readonly<Record<string, string>>> = {
  is: 'an object of monitor ids by service name',
  accepts: (value): value is Readonly<Record<string, string>> =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, id]) => name !== '' && typeof id === 'string' && id !== ''),
};

const rules: Rules<HealthServiceOptions> = {
  services: optional(namesOfMonitors),
  maxUnknownNames: positiveCount,
  maxNameLength: positiveCount,
  peerOf: callable<(call: ServerCall<HealthCheckRequest>) => string>(),
  notifier: optional(notifierLimitsRule),
  ...ownConnectionAgeRules,
};

/** @throws `InvalidOptionError` for the first option that breaks its rule. */
export function resolveHealthServiceOptions(given: HealthServiceOptions | undefined): Required<HealthServiceOptions> {
  const resolved = resolveOptions<Required<HealthServiceOptions>>('healthService', rules, defaults, given);
  // Checked here and not when the first client comes; what is left out stays the supervisor's.
  resolveNotifierLimits('healthService.notifier', resolved.notifier);
  return resolved;
}
