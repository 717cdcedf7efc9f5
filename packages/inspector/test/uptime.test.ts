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
});

function kindOf(health: Health): 'up' | 'down' | 'unknown' {
  if (health === 'healthy' || health === 'degraded') return 'up';
  return health === 'unhealthy' || health === 'reconnecting' ? 'down' : 'unknown';
}
