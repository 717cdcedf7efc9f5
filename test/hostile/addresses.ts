import fc from 'fast-check';

/** An IPv4 address with a way to write it that a policy has to see through. */
export interface Disguise {
  readonly address: string;
  /** The same in other clothes. */
  readonly spelled: string;
  /** Whether the clothes are those of an address, and not of something that only resolvers understand. */
  readonly isAddress: boolean;
}

const octets = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })));
const hex = (high = 0, low = 0): string => (high * 256 + low).toString(16);

const clothes: readonly ((bytes: readonly number[]) => { spelled: string; isAddress: boolean })[] = [
  (bytes) => ({ spelled: bytes.join('.'), isAddress: true }),
  (bytes) => ({ spelled: `::ffff:${bytes.join('.')}`, isAddress: true }),
  (bytes) => ({ spelled: `::FFFF:${bytes.join('.')}`, isAddress: true }),
  ([a, b, c, d]) => ({ spelled: `::ffff:${hex(a, b)}:${hex(c, d)}`, isAddress: true }),
  ([a, b, c, d]) => ({ spelled: `0:0:0:0:0:ffff:${hex(a, b)}:${hex(c, d)}`, isAddress: true }),
  ([a, b, c, d]) => ({ spelled: `0000:0000:0000:0000:0000:ffff:${hex(a, b)}:${hex(c, d)}`, isAddress: true }),
  (bytes) => ({ spelled: `::ffff:${bytes.join('.')}%1`, isAddress: true }),
  ([a = 0, b = 0, c = 0, d = 0]) => ({ spelled: String(((a * 256 + b) * 256 + c) * 256 + d), isAddress: false }),
  ([a = 0, b = 0, c = 0, d = 0]) => ({ spelled: `0x${a.toString(16)}.${b}.${c}.${d}`, isAddress: false }),
  (bytes) => ({ spelled: `[${bytes.join('.')}]`, isAddress: false }),
  (bytes) => ({ spelled: ` ${bytes.join('.')}`, isAddress: false }),
];

export const disguises: fc.Arbitrary<Disguise> = fc
  .tuple(octets, fc.constantFrom(...clothes))
  .map(([bytes, dress]) => ({ address: bytes.join('.'), ...dress(bytes) }));

/** Addresses of IPv6 that lead to IPv4, of which none is of the public internet. */
export const tunnels: fc.Arbitrary<string> = octets.chain(([a, b, c, d]) =>
  fc.constantFrom(
    `::${a}.${b}.${c}.${d}`,
    `64:ff9b::${a}.${b}.${c}.${d}`,
    `64:ff9b:1::${hex(a, b)}:${hex(c, d)}`,
    `2002:${hex(a, b)}:${hex(c, d)}::1`,
    `2001:0:${hex(a, b)}:${hex(c, d)}::1`,
    `::ffff:0:${a}.${b}.${c}.${d}`,
  ),
);
