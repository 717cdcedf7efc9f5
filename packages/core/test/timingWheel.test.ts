import { describe, expect, it } from 'vitest';
import { InvalidOptionError, TimingWheel } from '../src/index.ts';
import { ManualHost } from './support/manualHost.ts';

function wheelAt(nowMs = 0, resolutionMs = 10) {
  const host = new ManualHost(nowMs);
  const wheel = new TimingWheel({ host, resolutionMs });
  const fired: [name: string, atMs: number][] = [];
  const arm = (name: string, delayMs: number) => wheel.setTimeout(() => fired.push([name, host.nowMs]), delayMs);
  return { host, wheel, fired, arm };
}

describe('the timing wheel', () => {
  it('fires at the end of the slot a timer falls due in, and never early', () => {
    // The host counts its delays in whole milliseconds.
    const { host, fired, arm } = wheelAt(3.25);
    arm('a', 5);
    arm('b', 17);
    arm('c', 26.75);
    host.runTo(1_000);
    expect(fired).toEqual([
      ['a', 10.25],
      ['b', 30.25],
      ['c', 30.25],
    ]);
  });

  it('fires by due time inside one slot, equals in arming order', () => {
    const { host, fired, arm } = wheelAt();
    for (const [name, delayMs] of [
      ['late', 9],
      ['soon', 2],
      ['later', 9],
      ['sooner', 1],
    ] as const)
      arm(name, delayMs);
    host.runTo(10);
    expect(fired.map(([name]) => name)).toEqual(['sooner', 'soon', 'late', 'later']);
  });

  it('asks its host for one wake at a time, and for none when nothing is armed', () => {
    const { host, wheel, arm } = wheelAt();
    expect(host.wakes).toEqual([]);
    const timers = [arm('a', 30_000), arm('b', 50), arm('c', 400)];
    expect(host.wakes).toHaveLength(1);
    for (const timer of timers) wheel.clearTimeout(timer);
    expect(host.wakes).toEqual([]);
    arm('d', 20);
    host.runTo(100);
    expect(host.wakes).toEqual([]);
    expect(wheel.pending).toBe(0);
  });

  it('does not ask its host again for a timer later than the wake it waits for', () => {
    const { host, arm } = wheelAt();
    arm('first', 50);
    for (let armed = 0; armed < 1_000; armed++) arm('later', 60 + armed);
    expect(host.wakesAsked).toBe(1);
  });

  it('takes a timer at the very moment another falls due, before the wake for it came', () => {
    const { host, fired, arm } = wheelAt();
    arm('due', 50);
    host.nowMs = 50;
    arm('next', 100);
    host.runTo(1_000);
    expect(fired.map(([name]) => name)).toEqual(['due', 'next']);
  });

  it('forgets the moments of cancelled timers once nothing is armed', () => {
    const { host, wheel, arm } = wheelAt();
    wheel.clearTimeout(arm('cancelled', 50));
    host.nowMs = 200;
    arm('a', 500);
    expect(host.wakes.map(({ atMs }) => atMs > 500)).toEqual([true]);
  });

  it('ignores a handle that fired, was cleared, or is none', () => {
    const { host, wheel, fired, arm } = wheelAt();
    const timer = arm('a', 5);
    arm('b', 5);
    host.runTo(20);
    arm('c', 5);
    for (const handle of [timer, timer, undefined, 7, {}]) wheel.clearTimeout(handle);
    expect(wheel.pending).toBe(1);
    host.runTo(40);
    expect(fired.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  it('lets a callback cancel a sibling of its own slot', () => {
    const { host, wheel, fired, arm } = wheelAt();
    wheel.setTimeout(() => wheel.clearTimeout(sibling), 3);
    const sibling = arm('cancelled', 4);
    arm('kept', 5);
    host.runTo(10);
    expect(fired).toEqual([['kept', 10]]);
    expect(wheel.pending).toBe(0);
  });

  it('fires what a callback arms, in a later turn even at no delay', () => {
    const { host, wheel, fired, arm } = wheelAt();
    wheel.setTimeout(() => {
      arm('at once', 0);
      arm('soon', 15);
    }, 5);
    host.runTo(10);
    expect(fired).toEqual([]);
    host.runTo(50);
    expect(fired).toEqual([
      ['at once', 20],
      ['soon', 30],
    ]);
  });

  it('reports what a callback throws, and fires the others', () => {
    const { host, wheel, fired, arm } = wheelAt();
    const boom = new Error('boom');
    arm('before', 5);
    wheel.setTimeout(() => {
      throw boom;
    }, 5);
    arm('after', 5);
    host.runTo(10);
    expect(fired.map(([name]) => name)).toEqual(['before', 'after']);
    expect(host.errors).toEqual([boom]);
  });

  it.each([
    ['an hour', 3_600_000],
    ['past 2^31 ms', 2 ** 31 + 5],
    ['past the levels', 10 * 2 ** 30 + 50],
    ['a century', 100 * 365.25 * 86_400_000],
  ])('keeps a delay of %s', (_, delayMs) => {
    const { host, fired, arm } = wheelAt(7);
    arm('far', delayMs);
    const dueMs = Math.ceil((7 + delayMs) / 10) * 10;
    host.runTo(dueMs - 1);
    expect(fired).toEqual([]);
    host.runTo(dueMs);
    expect(fired).toEqual([['far', dueMs]]);
    expect(host.wakesAsked).toBeLessThan(5_000);
  });

  it.each([2 ** 30 - 3, 2 ** 31 - 3, 2 ** 32 - 3, 2 ** 40 - 3])('crosses tick %i', (tick) => {
    const { host, fired, arm } = wheelAt(tick, 1);
    for (const delayMs of [1, 2, 3, 4, 70, 5_000]) arm(String(delayMs), delayMs);
    host.runTo(tick + 10_000);
    expect(fired).toEqual([1, 2, 3, 4, 70, 5_000].map((delayMs) => [String(delayMs), tick + delayMs]));
  });

  it('keeps a timer without end pending, and fires it never', () => {
    const { host, wheel, fired, arm } = wheelAt();
    const timer = arm('never', Number.POSITIVE_INFINITY);
    host.runTo(1e12);
    expect(fired).toEqual([]);
    wheel.clearTimeout(timer);
    expect(wheel.pending).toBe(0);
  });

  it('counts a delay below 1 ms, or none, as 1 ms', () => {
    const { host, fired, arm } = wheelAt(0, 1);
    for (const delayMs of [0, -5, 0.2, Number.NaN]) arm(String(delayMs), delayMs);
    host.runTo(0);
    expect(fired).toEqual([]);
    host.runTo(1);
    expect(fired).toHaveLength(4);
  });

  it('gives the event loop back in the middle of a long burst', () => {
    const { host, fired, arm } = wheelAt();
    for (let armed = 0; armed < 1_000; armed++) arm(String(armed), 10);
    host.lookCostMs = 3;
    host.wakeAt(10);
    expect(fired.length).toBeLessThan(100);
    host.lookCostMs = 0;
    host.runTo(host.nowMs + 10);
    expect(fired.map(([name]) => Number(name))).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  it('gives the event loop back after a millisecond of callbacks, looked for at every eighth', () => {
    const { host, wheel } = wheelAt();
    let fired = 0;
    for (let armed = 0; armed < 100; armed++) {
      wheel.setTimeout(() => {
        fired += 1;
        host.nowMs += 0.1;
      }, 10);
    }
    host.wakeAt(10);
    expect(fired).toBe(16);
    host.runTo(host.nowMs + 10);
    expect(fired).toBe(100);
  });

  it('asks again when its host wakes it early', () => {
    const { host, fired, arm } = wheelAt();
    arm('a', 10);
    host.wakeAt(9.4);
    expect(fired).toEqual([]);
    host.runTo(10.4);
    expect(fired).toHaveLength(1);
  });

  it.each([0, 1.5, -10, Number.NaN])('refuses a resolution of %d ms', (resolutionMs) => {
    expect(() => new TimingWheel({ host: new ManualHost(), resolutionMs })).toThrow(InvalidOptionError);
  });

  describe('its now()', () => {
    it('is whole epoch milliseconds', () => {
      const { host, wheel } = wheelAt(12.75);
      expect(wheel.now()).toBe(1_000_012);
      host.nowMs += 0.5;
      expect(wheel.now()).toBe(1_000_013);
    });

    it('follows a wall clock that jumps forwards, and moves no timer', () => {
      const { host, wheel, fired, arm } = wheelAt();
      arm('a', 100);
      host.skewMs += 3_600_000;
      expect(wheel.now()).toBe(1_000_000 + 3_600_000);
      host.runTo(90);
      expect(fired).toEqual([]);
      host.runTo(100);
      expect(fired).toHaveLength(1);
    });

    it('never runs backwards while a timer is armed, and follows the wall clock back when none is', () => {
      const { host, wheel, arm } = wheelAt();
      const timer = arm('a', 100);
      host.skewMs -= 3_600_000;
      expect(wheel.now()).toBe(1_000_000);
      host.nowMs += 5;
      expect(wheel.now()).toBe(1_000_005);
      wheel.clearTimeout(timer);
      expect(wheel.now()).toBe(1_000_005 - 3_600_000);
    });
  });
});
