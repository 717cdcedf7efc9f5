import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { systemLookups } from '@watchkeeper/core/adapters';
import { CheckBrokenError, EgressDeniedError } from '../check/errors.ts';
import type { Check } from '../check/runCheck.ts';
import { dnsResolver } from './dnsResolver.ts';
import type { AddressResolver, ResolvedNetwork } from './network.ts';

/** The most addresses of one name that are dialled, so that a name with thousands costs no more. */
const mostAddresses = 32;

const resolvers: Readonly<Record<'system' | 'dns', AddressResolver>> = { system: systemAddresses, dns: dnsResolver() };

/**
 * Returns the one address of a target that needs no look-up: it is pinned, or the host is one.
 *
 * @throws {@link EgressDeniedError} where the policy denies it.
 */
export function literalAddress(host: string, { address, egress }: ResolvedNetwork): string | undefined {
  const literal = address ?? (isIP(host) === 0 ? undefined : host);
  if (literal !== undefined && egress && !egress.permits(literal)) throw new EgressDeniedError(host);
  return literal;
}

/**
 * Resolves a host to the addresses that may be dialled, at least one, by turns of both families.
 *
 * @throws {@link EgressDeniedError} where the policy denies all of them.
 */
export async function addressesOf(check: Check, host: string, network: ResolvedNetwork): Promise<readonly string[]> {
  const literal = literalAddress(host, network);
  if (literal !== undefined) return [literal];
  check.phase('resolving the name');
  const { family, egress, resolver = 'system' } = network;
  const resolve = typeof resolver === 'string' ? resolvers[resolver] : resolver;
  // A resolver of the user's may answer with anything.
  const found: readonly unknown[] = [await resolve(host, { family, signal: check.signal })].flat();
  for (const one of found) {
    if (typeof one !== 'string' || isIP(one) === 0) throw new CheckBrokenError('the resolver answered with no address');
  }
  const addresses = [...new Set(found as string[])].filter((one) => family === undefined || isIP(one) === family);
  if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND', hostname: host });
  const permitted = egress ? addresses.filter((one) => egress.permits(one)) : addresses;
  if (permitted.length === 0) throw new EgressDeniedError(host);
  return byTurns(permitted).slice(0, mostAddresses);
}

/** Orders addresses so that the two families alternate, beginning with that of the first (RFC 8305 4). */
function byTurns(addresses: readonly string[]): readonly string[] {
  const first = addresses.filter((one) => isIP(one) === isIP(addresses[0] ?? ''));
  const second = addresses.filter((one) => !first.includes(one));
  return addresses.flatMap((_, index) => [first[index], second[index]]).filter((one) => one !== undefined);
}

/** Asks the system's resolver: one look-up for all who ask for a name at once, and two of all names at once. */
async function systemAddresses(
  host: string,
  { family, signal }: Parameters<AddressResolver>[1],
): Promise<readonly string[]> {
  const start = () => lookup(host, { all: true, verbatim: true, ...(family === undefined ? {} : { family }) });
  const found = await systemLookups.ask(`${family ?? 0} ${host}`, start, signal);
  return found.map(({ address }) => address);
}
