import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../src/index.ts';
import { type Flaps, flapsAfterCheck, noFlaps } from '../src/monitor/flapping.ts';
import { startMonitor } from './support/testSupervisor.ts';

const limits = { flapHalfLifeMs: 1_000, flapSuppress: 3, flapReuse: 1 };

describe('the penalty of flapping (RFC 2439)', () => {
  it('is the sum of all falls, each halved with every half-life, up to a ceiling that four half-lives bring down', () => {
    const step = fc.record({ afterMs: fc.nat(3_000), fell: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let now = 0;
        let flaps: Flaps = noFlaps;
        let free = 0;
        for (const { afterMs, fell } of steps) {
          now += afterMs;
          const { flapping, penalty } = flaps;
          flaps = flapsAfterCheck(flaps, fell, now, limits);
          free = free * 2 ** (-afterMs / 1_000) + (fell ? 1 : 0);
          expect(flaps.penalty).toBeCloseTo(Math.min(16, penalty * 2 ** (-afterMs / 1_000) + (fell ? 1 : 0)), 9);
          expect(flaps.penalty).toBeLessThanOrEqual(free + 1e-9);
          expect(flaps.flapping).toBe(flaps.penalty >= (flapping ? 1 : 3));
        }
        expect(flapsAfterCheck(flaps, false, now + 4_001, limits).flapping).toBe(false);
      }),
    );
  });

  it('is nothing without a half-life, and does not grow when the clock runs back', () => {
    expect(flapsAfterCheck(noFlaps, true, 0, { ...limits, flapHalfLifeMs: 0 })).toBe(noFlaps);
    const once = flapsAfterCheck(noFlaps, true, 1_000, limits);
    expect(flapsAfterCheck(once, false, 0, limits).penalty).toBe(1);
  });
});

describe('a target that flaps', () => {
  const flapping = { alertAfter: -1, flapHalfLifeMs: 60_000 };

  it('has its alerts held from the fall that makes it flap, and its health told as ever (Consul#9283)', async () => {
    const { clock, monitor, of } = startMonitor('+-+-+-+-+-+', flapping);
    await clock.advance(10_000);
    expect([of('alert.raised').length, of('alert.cleared').length]).toEqual([3, 3]);
    expect(of('flapping.began')).toMatchObject([{ id: 'api' }]);
    expect(of('alert.held').map((held) => held.reason)).toEqual(['flapping', 'flapping']);
    expect(of('health.changed')).toHaveLength(12);
    expect(monitor.status).toMatchObject({ flapping: true, alerting: false, health: 'healthy' });
  });

  it('clears an alert that was raised before it flapped: only raising is held (INV-58)', async () => {
    const { clock, monitor, of } = startMonitor('+-+-+-+', { ...flapping, flapSuppress: 2.5, successThreshold: 1 });
    await clock.advance(3_000);
    expect(monitor.status).toMatchObject({ alerting: true, flapping: false });
    await clock.advance(3_000);
    expect([of('alert.raised').length, of('alert.cleared').length, of('alert.held').length]).toEqual([2, 2, 1]);
  });

  it('alerts after all when it stays down and is calm again, at the latest four half-lives on', async () => {
    const { clock, monitor, of } = startMonitor(`${'+-'.repeat(40)}-`, { ...flapping, flapHalfLifeMs: 10_000 });
    await clock.advance(80_000);
    const before = of('alert.raised').length;
    expect(monitor.status).toMatchObject({ flapping: true, alertHeld: true, health: 'unhealthy' });
    await clock.advance(40_000);
    expect(monitor.status).toMatchObject({ flapping: false, alertHeld: false, alerting: true });
    expect([of('alert.raised').length - before, of('flapping.ended').length]).toEqual([1, 1]);
    expect(of('flapping.ended')[0]?.penalty).toBeLessThan(1);
  });

  it('is not one whose failures stay below the threshold, are excused, or never end', async () => {
    const below = startMonitor('+-'.repeat(20), { ...flapping, failureThreshold: 2 });
    const excused = startMonitor('+-'.repeat(20), { ...flapping, startGraceMs: 60_000 });
    const down = startMonitor('-', flapping);
    for (const { clock, monitor, of } of [below, excused, down]) {
      await clock.advance(40_000);
      expect([monitor.status.flapping, of('flapping.began').length]).toEqual([false, 0]);
    }
  });

  it('begins anew with another probe, and has no rule unless asked for', async () => {
    const { clock, monitor } = startMonitor('+-+-+-+-', flapping);
    await clock.advance(7_000);
    expect(monitor.status.flapping).toBe(true);
    const plain = startMonitor('+-+-+-+-', { alertAfter: -1 });
    await plain.clock.advance(7_000);
    expect([plain.monitor.status.flapping, plain.of('alert.raised').length]).toEqual([false, 4]);
    monitor.update({ probe: async () => ({ status: 'pass' }) });
    await clock.settle();
    expect(monitor.status.flapping).toBe(false);
  });

  it('must be calm below the level at which it flaps', () => {
    expect(() => startMonitor('+', { flapSuppress: 1, flapReuse: 1 })).toThrow(InvalidOptionError);
  });
});
