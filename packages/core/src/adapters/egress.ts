import { WatchkeeperError } from '../errors.ts';
import type { Rule } from '../rules.ts';

/** A rule of which addresses a probe may connect to. */
export interface EgressPolicy {
  /** Whether `address`, an IPv4 or IPv6 address in text, may be connected to. */
  permits(address: string): boolean;
  /** How many connections were refused so far. */
  readonly denied: number;
}

export const egressRule: Rule<EgressPolicy> = {
  is: 'an egress policy, as egressPolicy() makes',
  accepts: (value): value is EgressPolicy => typeof (value as EgressPolicy | null)?.permits === 'function',
};

/** Every address of the target is forbidden by the probe's egress policy. Change the policy or the target. */
export class EgressDeniedError extends WatchkeeperError {
  readonly code = 'EGRESS_DENIED';
  /** The address, or the name whose addresses were all refused. */
  readonly host: string;

  constructor(host: string) {
    super(`The egress policy denies ${host}`);
    this.host = host;
  }
}
