import { BlockList, isIP, SocketAddress } from 'node:net';

/** An address as it is judged, whatever way it was spelled. */
interface ReadAddress {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
}

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/**
 * Reads an address in any spelling. One that is mapped, as `::ffff:7f00:1`, is the IPv4 address in it, to which the kernel
 * connects; a zone (`%eth0`) plays no part.
 *
 * @returns undefined where `text` is no address.
 */
export function readAddress(text: string): ReadAddress | undefined {
  const version = isIP(text);
  if (version === 0) return undefined;
  if (version === 4) return { address: text, family: 'ipv4' };
  const [address = ''] = text.split('%');
  const [, inside] = mapped.exec(new SocketAddress({ address, family: 'ipv6' }).address) ?? [];
  return inside === undefined ? { address, family: 'ipv6' } : { address: inside, family: 'ipv4' };
}

/** A set of address ranges. */
export class AddressRanges {
  // One list for each family: a list of both would take every IPv4 address for a mapped one, and so for one of `::/8`.
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** Adds a range in CIDR form, or one address. @returns whether it is one. */
  add(range: string): boolean {
    const [text = '', prefix, ...rest] = range.split('/');
    const read = text.includes('%') ? undefined : readAddress(text);
    if (read === undefined || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
    const longest = isIP(text) === 6 ? 128 : 32;
    const bits = prefix === undefined ? longest : Number(prefix);
    if (bits > longest) return false;
    // A range of mapped addresses is one of IPv4 addresses.
    const skipped = longest === 128 && read.family === 'ipv4' ? 96 : 0;
    if (bits >= skipped) this.#lists[read.family].addSubnet(read.address, bits - skipped, read.family);
    else this.#lists.ipv6.addSubnet(text, bits, 'ipv6');
    return true;
  }

  has({ address, family }: ReadAddress): boolean {
    return this.#lists[family].check(address, family);
  }
}
