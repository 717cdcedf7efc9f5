/** One range of addresses that are not part of the public internet. */
interface SpecialPurposeRange {
  /** In CIDR form. */
  readonly range: string;
  readonly name: string;
  /** The paper that sets it apart. */
  readonly source: string;
}

/**
 * Every range that IANA's special-purpose registries do not call globally reachable, and what its lists of IPv4 and IPv6
 * address space keep from ordinary hosts. The few addresses inside them that are called reachable serve no target of a
 * probe, and count as their surroundings do.
 *
 * Sources: https://www.iana.org/assignments/iana-ipv4-special-registry,
 * https://www.iana.org/assignments/iana-ipv6-special-registry,
 * https://www.iana.org/assignments/ipv6-address-space, https://www.iana.org/assignments/multicast-addresses
 */
const specialPurposeRanges: readonly SpecialPurposeRange[] = [
  { range: '0.0.0.0/8', name: 'this network', source: 'RFC 791' },
  { range: '10.0.0.0/8', name: 'private use', source: 'RFC 1918' },
  { range: '100.64.0.0/10', name: 'shared by carriers', source: 'RFC 6598' },
  { range: '127.0.0.0/8', name: 'loopback', source: 'RFC 1122' },
  { range: '169.254.0.0/16', name: 'link-local, metadata of clouds', source: 'RFC 3927' },
  { range: '172.16.0.0/12', name: 'private use', source: 'RFC 1918' },
  { range: '192.0.0.0/24', name: 'protocol assignments', source: 'RFC 6890' },
  { range: '192.0.2.0/24', name: 'documentation', source: 'RFC 5737' },
  { range: '192.88.99.0/24', name: '6to4 relays, deprecated', source: 'RFC 7526' },
  { range: '192.168.0.0/16', name: 'private use', source: 'RFC 1918' },
  { range: '198.18.0.0/15', name: 'benchmarks', source: 'RFC 2544' },
  { range: '198.51.100.0/24', name: 'documentation', source: 'RFC 5737' },
  { range: '203.0.113.0/24', name: 'documentation', source: 'RFC 5737' },
  { range: '224.0.0.0/4', name: 'multicast', source: 'RFC 5771' },
  { range: '240.0.0.0/4', name: 'reserved, and broadcast', source: 'RFC 1112, RFC 8190' },
  // In IPv6, all outside of 2000::/3 is no address of the public internet; what has a use there has a row of its own.
  // Mapped addresses, ::ffff:0:0/96, are judged as the IPv4 addresses they stand for.
  { range: '::/8', name: 'reserved', source: 'RFC 4291' },
  { range: '::/96', name: 'unspecified, loopback, IPv4-compatible', source: 'RFC 4291' },
  { range: '::ffff:0:0:0/96', name: 'IPv4-translated', source: 'RFC 2765' },
  { range: '64:ff9b::/96', name: 'NAT64, which reaches any IPv4 address', source: 'RFC 6052' },
  { range: '64:ff9b:1::/48', name: 'local NAT64', source: 'RFC 8215' },
  { range: '100::/64', name: 'discard-only', source: 'RFC 6666' },
  { range: '100:0:0:1::/64', name: 'dummy', source: 'RFC 9780' },
  { range: '100::/8', name: 'reserved', source: 'RFC 4291' },
  { range: '200::/7', name: 'reserved, once for NSAP', source: 'RFC 4548' },
  { range: '400::/6', name: 'reserved', source: 'RFC 4291' },
  { range: '800::/5', name: 'reserved', source: 'RFC 4291' },
  { range: '1000::/4', name: 'reserved', source: 'RFC 4291' },
  { range: '2001::/23', name: 'protocol assignments: Teredo, benchmarks, ORCHID', source: 'RFC 2928' },
  { range: '2001:db8::/32', name: 'documentation', source: 'RFC 3849' },
  { range: '2002::/16', name: '6to4, which reaches any IPv4 address', source: 'RFC 3056' },
  { range: '3fff::/20', name: 'documentation', source: 'RFC 9637' },
  { range: '4000::/3', name: 'reserved; 5f00::/16 are segments of SRv6', source: 'RFC 4291, RFC 9602' },
  { range: '6000::/3', name: 'reserved', source: 'RFC 4291' },
  { range: '8000::/2', name: 'reserved', source: 'RFC 4291' },
  { range: 'c000::/3', name: 'reserved', source: 'RFC 4291' },
  { range: 'e000::/4', name: 'reserved', source: 'RFC 4291' },
  { range: 'f000::/5', name: 'reserved', source: 'RFC 4291' },
  { range: 'f800::/6', name: 'reserved', source: 'RFC 4291' },
  { range: 'fc00::/7', name: 'unique local', source: 'RFC 4193' },
  { range: 'fe00::/9', name: 'reserved', source: 'RFC 4291' },
  { range: 'fe80::/10', name: 'link-local', source: 'RFC 4291' },
  { range: 'fec0::/10', name: 'site-local, deprecated', source: 'RFC 3879' },
  { range: 'ff00::/8', name: 'multicast', source: 'RFC 4291' },
];

/**
 * Every range that is not the public internet: loopback, private, link-local (cloud metadata), carrier-grade, documentation,
 * multicast, reserved, and ways to carry IPv4 in IPv6 (NAT64, 6to4, Teredo).
 */
export const internalRanges: readonly string[] = specialPurposeRanges.map(({ range }) => range);
