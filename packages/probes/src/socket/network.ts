import { isIP } from 'node:net';
import { type AddressResolver, type EgressPolicy, egressRule, type ResolveOptions } from '@watchkeeper/core/adapters';
import { optional, type Rule } from '@watchkeeper/core/options';
import type { Resolved } from '../options/resolveProbeOptions.ts';
import { ipFamily } from '../options/rules.ts';

export type { AddressResolver, ResolveOptions };

/** How a probe comes from the name of its target to an address. */
export interface NetworkOptions {
  /** Dials over IPv4 or IPv6 only; left out, over whichever connects first. */
  readonly family?: 4 | 6;
  /** Dials this address, whatever the host resolves to; the host still stands in requests and certificates. */
  readonly address?: string;
  /**
   * What resolves names: `system` as all programs do (hosts file, nsswitch, search domains), over at most two of libuv's
   * threads; `dns` over sockets, which an abort frees at once; or a function.
   * @default 'system'
   */
  readonly resolver?: 'system' | 'dns' | AddressResolver;
  /** Which addresses may be dialled; left out, all. */
  readonly egress?: EgressPolicy;
}

export type ResolvedNetwork = Resolved<NetworkOptions, never>;

const ipAddress: Rule<string> = {
  is: 'an IP address without a port',
  accepts: (value): value is string => typeof value === 'string' && isIP(value) !== 0,
};

const resolverRule: Rule<'system' | 'dns' | AddressResolver> = {
  is: '"system", "dns" or a function (host, options) => Promise<string[]>',
  accepts: (value): value is 'system' | 'dns' | AddressResolver =>
    value === 'system' || value === 'dns' || typeof value === 'function',
};

export const networkRules = {
  family: optional(ipFamily),
  address: optional(ipAddress),
  resolver: optional(resolverRule),
  egress: optional(egressRule),
};

/** Returns the network options among others. */
export function networkOf({ family, address, resolver, egress }: ResolvedNetwork): ResolvedNetwork {
  return { family, address, resolver, egress };
}
