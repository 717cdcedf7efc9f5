import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { egressPolicy } from '../src/egress.ts';

describe('egressPolicy', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '172.31.255.255',
    '0.0.0.0',
    '::1',
    '::',
    'fd12::1',
    'fe80::1%eth0',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a00:1',
    '64:ff9b::7f00:1',
    'not an address',
  ])('denies %s as internal', (address) => {
    const egress = egressPolicy({ deny: ['internal'] });
    expect(egress.permits(address)).toBe(false);
    expect(egress.denied).toBe(1);
  });

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])(
    'permits %s as external',
    (address) => {
      const egress = egressPolicy({ deny: ['internal'] });
      expect(egress.permits(address)).toBe(true);
      expect(egress.denied).toBe(0);
    },
  );

  it('permits only what allow has, and never what deny has', () => {
    const egress = egressPolicy({ allow: ['10.0.0.0/8', '2001:db8::/32'], deny: ['10.0.0.1'] });
    expect(['10.0.0.2', '10.0.0.1', '11.0.0.1', '2001:db8::5', '2001:db9::5'].map(egress.permits)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it('judges an IPv4-mapped IPv6 address as the IPv4 address', () => {
    const egress = egressPolicy({ deny: ['internal'] });
    fc.assert(fc.property(fc.ipV4(), (address) => egress.permits(`::ffff:${address}`) === egress.permits(address)));
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'example.org', '10.0.0.0/', '10.0.0.0/8/9', '::/129', '10.0.0.0/-1'])(
    'refuses the range %j',
    (range) => {
      expect(() => egressPolicy({ deny: ['internal', range] })).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          option: expect.stringMatching(/^egressPolicy\.deny\[\d+\]$/),
        }),
      );
    },
  );
});
