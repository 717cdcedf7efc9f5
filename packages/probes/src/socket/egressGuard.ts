import { type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Rule } from '@watchkeeper/core/options';
import { EgressDeniedError } from '../check/errors.ts';
import type { EgressPolicy } from '../egress.ts';

export const egressRule: Rule<EgressPolicy> = {
  is: 'an egress policy, as egressPolicy() makes',
  accepts: (value): value is EgressPolicy => typeof (value as EgressPolicy | null)?.permits === 'function',
};

/** Refuses an address that is written out; names are judged by {@link guardedLookup}. */
export function guardAddress(host: string, egress: EgressPolicy | undefined): void {
  if (egress && isIP(host) !== 0 && !egress.permits(host)) throw new EgressDeniedError(host);
}

/** A lookup that answers only permitted addresses, in the form `net.connect` and `dgram` ask for. */
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
