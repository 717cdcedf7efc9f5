import { type Health, healths } from '@watchkeeper/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicHealthOf, Uptime } from '../src/statusBoard/uptime.ts';

const barMs = 100;
const change = fc.tuple(fc.integer({ min: 0, max: 350 }), fc.constantFrom<Health>(...healths));

describe('uptime', () => {
  it('of any history is a share of the known time alone: up and down make it whole, and unknown is in neither (INV-73)', () => {
    fc.assert(
      fc.property(fc.constantFrom<Health>(...healths), fc.array(change, { maxLength: 20 }), (first, changes) => {
        const spent = { up: 0, down: 0, unknown: 0 };
        const uptime = new Uptime(publicHealthOf(first), 0, { barMs, bars: 100 });
        let health = first;
        let at = 0;
        for (const [ms, next] of changes) {
          spent[kindOf(health)] += ms;
          at += ms;
          uptime.become(publicHealthOf(next), at);
          health = next;
        }
        const bars = uptime.bars(at);
        const known = bars.reduce((sum, { knownMs }) => sum + knownMs, 0);
        const up = bars.reduce((sum, { upMs }) => sum + upMs, 0);
        expect({ up, down: known - up }).toEqual({ up: spent.up, down: spent.down });
        expect(bars.filter(({ knownMs, upMs }) => !(upMs <= knownMs && knownMs <= barMs))).toEqual([]);
      }),
    );
  });

  it('knows nothing before its first moment, and tells what is now (Uptime: empty is unknown, the latest is current)', () => {
    const uptime = new Uptime('unknown', 0, { barMs, bars: 3 });
    expect(uptime.bars(0).map(({ knownMs }) => knownMs)).toEqual([0, 0, 0]);
    uptime.become('works', 50);
    uptime.become('down', 60);
    expect([uptime.health, uptime.bars(80).at(-1)]).toEqual(['down', { knownMs: 30, upMs: 10, worst: 'down' }]);
  });

  it('counts what is known, leaves maintenance out, and forgets what is older than its bars', () => {
    const uptime = new Uptime('works', 0, { barMs: 1_000, bars: 4 });
    uptime.become('down', 1_500);
    uptime.become('maintenance', 2_000);
    expect(uptime.bars(3_500)).toEqual([
      { knownMs: 1_000, upMs: 1_000, worst: 'works' },
      { knownMs: 1_000, upMs: 500, worst: 'down' },
      { knownMs: 0, upMs: 0, worst: 'maintenance' },
      { knownMs: 0, upMs: 0, worst: 'maintenance' },
    ]);
    uptime.become('works', 60_000);
    expect(uptime.bars(60_500).map(({ worst }) => worst)).toEqual([
      'maintenance',
      'maintenance',
      'maintenance',
      'works',
    ]);
  });
});

function kindOf(health: Health): 'up' | 'down' | 'unknown' {
  if (health === 'healthy' || health === 'degraded') return 'up';
  return health === 'unhealthy' || health === 'reconnecting' ? 'down' : 'unknown';
}
