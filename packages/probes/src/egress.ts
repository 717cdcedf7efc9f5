import { BlockList, isIP } from 'node:net';
import { InvalidOptionError } from '@watchkeeper/core';

/** A rule of which addresses a probe may connect to. */
export interface EgressPolicy {
  /** Whether `address`, an IPv4 or IPv6 address in text, may be connected to. */
  permits(address: string): boolean;
  /** How many connections were refused so far. */
  readonly denied: number;
}

export interface EgressOptions {
  /** Only these ranges, in CIDR form (`10.0.0.0/8`, `fd00::/8`, `192.0.2.7`); left out, every address is allowed. */
  readonly allow?: readonly string[];
  /** Never these ranges, even where `allow` has them; `internal` stands for {@link internalRanges}. */
  readonly deny?: readonly (string | 'internal')[];
}

/** Every range that is not the public internet: loopback, private, link-local (cloud metadata), multicast, reserved. */
export const internalRanges: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/**
 * Makes a policy that keeps probes from your own network (SSRF).
 *
 * It judges the address a name resolved to at the moment of connecting, so a name that changes its
 * answer after a check of the URL gains nothing. Share one policy among all probes of a tenant.
 *
 * @throws `InvalidOptionError` for a range that is not an address with an optional prefix length.
 * @example
 * ```ts
 * import { egressPolicy, httpProbe } from '@watchkeeper/probes';
 *
 * const egress = egressPolicy({ deny: ['internal'] });
 * export const customerSite = httpProbe({ url: 'https://example.org/', egress });
 * ```
 */
export function egressPolicy(options: EgressOptions): EgressPolicy {
  const allow = options.allow === undefined ? undefined : blockList('egressPolicy.allow', options.allow);
  const deny = blockList(
    'egressPolicy.deny',
    (options.deny ?? []).flatMap((range) => (range === 'internal' ? internalRanges : [range])),
  );
  let denied = 0;
  return {
    permits(address) {
      // A BlockList knows IPv4-mapped IPv6 addresses, `::ffff:127.0.0.1`.
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      const permitted = isIP(address) !== 0 && !deny.check(address, family) && (allow?.check(address, family) ?? true);
      if (!permitted) denied += 1;
      return permitted;
    },
    get denied() {
      return denied;
    },
  };
}

function blockList(option: string, ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [index, range] of ranges.entries()) {
    const [address = '', prefix, ...rest] = String(range).split('/');
    const version = isIP(address);
    const longest = version === 6 ? 128 : 32;
    const bits = prefix === undefined ? longest : Number(prefix);
    if (version === 0 || rest.length > 0 || prefix === '' || !Number.isInteger(bits) || bits < 0 || bits > longest) {
      throw new InvalidOptionError(`${option}[${index}]`, 'an address range such as 10.0.0.0/8', range);
    }
    list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
