import { type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Rule } from '@watchkeeper/core/options';
import { EgressDeniedError } from '../check/errors.ts';
import type { EgressPolicy } from '../egress.ts';

export const egressRule: Rule<EgressPolicy> = {
  is: 'an egress policy, as egressPolicy() makes',
  accepts: (value): value is EgressPolicy => typeof (value as EgressPolicy | null)?.permits === 'function',
};

/**
 * Checks a host that is an address; names are checked by {@link guardedLookup}.
 *
 * @throws {@link EgressDeniedError} where the policy denies it.
 */
export function guardAddress(host: string, egress: EgressPolicy | undefined): void {
  if (egress && isIP(host) !== 0 && !egress.permits(host)) throw new EgressDeniedError(host);
}

/** Makes a lookup that returns permitted addresses only, in the form `net.connect` and `dgram` take. */
export function guardedLookup(egress: EgressPolicy): LookupFunction {
  return (host, options: LookupOptions, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const permitted = addresses.filter(({ address }) => egress.permits(address));
      const [first] = permitted;
      if (!first) return callback(new EgressDeniedError(host), []);
      if (options.all) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}
