import { InvalidOptionError } from '@watchkeeper/core';
import type { EgressPolicy } from '@watchkeeper/core/adapters';
import { optional, type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { AddressRanges, readAddress } from './egress/addressRanges.ts';
import { internalRanges } from './egress/specialPurposeRanges.ts';

export type { EgressPolicy };

export interface EgressOptions {
  /** Only these ranges, in CIDR form (`10.0.0.0/8`, `fd00::/8`, `192.0.2.7`); left out, every address is allowed. */
  readonly allow?: readonly string[];
  /** Never these ranges, even where `allow` has them; `internal` stands for {@link internalRanges}. */
  readonly deny?: readonly (string | 'internal')[];
}

type Options = { readonly [K in keyof EgressOptions]-?: EgressOptions[K] | undefined };

const noRanges: Options = { allow: undefined, deny: undefined };

const ranges: Rule<readonly string[]> = {
  is: 'an array of address ranges',
  accepts: (value): value is readonly string[] => Array.isArray(value),
};
const rules: Rules<Options> = { allow: optional(ranges), deny: optional(ranges) };

/**
 * Makes a policy that keeps probes from your own network (SSRF).
 *
 * It judges the address a name resolved to at the moment of connecting, so a name that changes its
 * answer after a check of the URL gains nothing. Share one policy among all probes of a tenant.
 *
 * @throws `InvalidOptionError` for a range that is not an address with an optional prefix length, or an unknown option.
 * @example
 * ```ts
 * import { egressPolicy, httpProbe } from '@watchkeeper/probes';
 *
 * const egress = egressPolicy({ deny: ['internal'] });
 * export const customerSite = httpProbe({ url: 'https://example.org/', egress });
 * ```
 */
export function egressPolicy(options: EgressOptions): EgressPolicy {
  const given = resolveOptions<Options>('egressPolicy', rules, noRanges, options);
  const allow = given.allow === undefined ? undefined : rangesOf('egressPolicy.allow', given.allow);
  const deny = rangesOf(
    'egressPolicy.deny',
    (given.deny ?? []).flatMap((range) => (range === 'internal' ? internalRanges : [range])),
  );
  let denied = 0;
  return {
    permits(address) {
      const read = readAddress(address);
      const permitted = read !== undefined && !deny.has(read) && (allow?.has(read) ?? true);
      if (!permitted) denied += 1;
      return permitted;
    },
    get denied() {
      return denied;
    },
  };
}

function rangesOf(option: string, given: readonly string[]): AddressRanges {
  const ranges = new AddressRanges();
  for (const [index, range] of given.entries()) {
    if (typeof range === 'string' && ranges.add(range)) continue;
    throw new InvalidOptionError(`${option}[${index}]`, 'an address range such as 10.0.0.0/8', range);
  }
  return ranges;
}

export { internalRanges };
