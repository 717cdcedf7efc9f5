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
    '::FFFF:10.0.0.1',
    '::ffff:0.0.0.0',
    '::ffff:192.0.2.1%1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '::7f00:1',
    '::10.0.0.1',
    '::8.8.8.8',
    '::ffff:0:7f00:1',
    '0:1::',
    '192.0.2.7',
    '198.51.100.7',
    '203.0.113.7',
    '192.88.99.1',
    '192.0.0.170',
    '198.19.255.255',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '100::1',
    '100:0:0:1::1',
    '200::1',
    '1fff::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:2::1',
    '2001:10::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    '8000::1',
    'fec0::1',
    'fe80::1',
    'febf::1',
    'ff02::1',
    'not an address',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    '[::1]',
    '127.0.0.1:80',
    '',
  ])('denies %s as internal', (address) => {
    const egress = egressPolicy({ deny: ['internal'] });
    expect(egress.permits(address)).toBe(false);
    expect(egress.denied).toBe(1);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '2606:4700::1111',
    '2001:200::1',
    '2001:4860:4860::8888',
    '3ffe:ffff::1',
    '::ffff:1.1.1.1',
    '::ffff:808:808',
  ])('permits %s as external', (address) => {
    const egress = egressPolicy({ deny: ['internal'] });
    expect(egress.permits(address)).toBe(true);
    expect(egress.denied).toBe(0);
  });

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

  it('reads a range of mapped addresses as one of IPv4, and a range of IPv6 as IPv6 alone', () => {
    const policies = [['::ffff:10.0.0.0/104'], ['::ffff:a00:0/104'], ['10.0.0.0/8'], ['::/0']].map((deny) =>
      egressPolicy({ deny }),
    );
    const denied = (address: string) => policies.map(({ permits }) => !permits(address));
    expect(denied('10.1.2.3')).toEqual([true, true, true, false]);
    expect(denied('::ffff:10.1.2.3')).toEqual([true, true, true, false]);
    expect(denied('11.1.2.3')).toEqual([false, false, false, false]);
    expect(denied('2606:4700::1111')).toEqual([false, false, false, true]);
  });

  it('refuses an option that it does not know, and what is no list', () => {
    for (const given of [{ denny: ['internal'] }, { deny: 'internal' }, { allow: [7] }, null]) {
      expect(() => egressPolicy(given as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
  });

  it('judges an IPv4-mapped IPv6 address as the IPv4 address', () => {
    const egress = egressPolicy({ deny: ['internal'] });
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hexadecimal = `0:0:0:0:0:FFFF:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        const judged = egress.permits(address);
        return egress.permits(`::ffff:${address}`) === judged && egress.permits(hexadecimal) === judged;
      }),
    );
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    'example.org',
    '10.0.0.0/',
    '10.0.0.0/8/9',
    '::/129',
    '10.0.0.0/-1',
    'fe80::%1/10',
    '10.0.0.0/ 8',
  ])('refuses the range %j', (range) => {
    expect(() => egressPolicy({ deny: ['internal', range] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        option: expect.stringMatching(/^egressPolicy\.deny\[\d+\]$/),
      }),
    );
  });
});
