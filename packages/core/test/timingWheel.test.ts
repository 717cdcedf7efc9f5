import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { InvalidOptionError, systemClock, TimingWheel, type WheelHost } from '../src/index.ts';

/** A host moved by hand; `runTo` wakes the wheel as a punctual event loop would. */
class HandHost implements WheelHost {
  nowMs: number;
  skewMs = 1_000_000;
  wakes: { atMs: number; wake: () => void }[] = [];
  errors: unknown[] = [];
  wakesAsked = 0;
  /** What a look at the time costs, to model a busy event loop. */
  lookCostMs = 0;

  constructor(nowMs = 0) {
    this.nowMs = nowMs;
  }

  monotonicMs() {
    this.nowMs += this.lookCostMs;
    return this.nowMs;
  }

  wallMs() {
    return this.nowMs + this.skewMs;
  }

  wakeIn(delayMs: number, wake: () => void) {
    expect(delayMs).toBeLessThan(2 ** 31);
    this.wakesAsked++;
    const asked = { atMs: this.nowMs + delayMs, wake };
    this.wakes.push(asked);
    expect(this.wakes).toHaveLength(1);
    return asked;
  }

  cancelWake(handle: unknown) {
    this.wakes = this.wakes.filter((asked) => asked !== handle);
  }

  report(error: unknown) {
    this.errors.push(error);
  }

  /** Wakes the wheel at `atMs`, whatever it asked for. */
  wakeAt(atMs: number) {
    const { wakes } = this;
    this.wakes = [];
    this.nowMs = atMs;
    for (const { wake } of wakes) wake();
  }

  runTo(endMs: number) {
    for (let [first] = this.wakes; first !== undefined && first.atMs <= endMs; [first] = this.wakes) {
      this.wakes = [];
      this.nowMs = Math.max(this.nowMs, first.atMs);
      first.wake();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }
}

function wheelAt(nowMs = 0, resolutionMs = 10) {
  const host = new HandHost(nowMs);
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

  it('asks again when its host wakes it early', () => {
    const { host, fired, arm } = wheelAt();
    arm('a', 10);
    host.wakeAt(9.4);
    expect(fired).toEqual([]);
    host.runTo(10.4);
    expect(fired).toHaveLength(1);
  });

  it.each([0, 1.5, -10, Number.NaN])('refuses a resolution of %d ms', (resolutionMs) => {
    expect(() => new TimingWheel({ host: new HandHost(), resolutionMs })).toThrow(InvalidOptionError);
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

type Step =
  | { does: 'arm'; delayMs: number; thenArmMs: number | undefined; cancels: number | undefined }
  | { does: 'cancel'; index: number }
  | { does: 'run'; ms: number }
  | { does: 'stall'; ms: number };

const wholeDelay = fc.oneof(fc.nat(30), fc.nat(700), fc.nat(50_000), fc.nat(3_000_000_000));
const delay = fc.oneof(wholeDelay, fc.double({ min: 0, max: 99, noNaN: true }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('arm' as const),
      delayMs: delay,
      thenArmMs: fc.option(delay, { nil: undefined, freq: 3 }),
      cancels: fc.option(fc.nat(50), { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), index: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('run' as const), ms: wholeDelay }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('stall' as const), ms: wholeDelay }) },
);

/** The wheel as a sorted list: what every sequence of steps should give. */
class SortedList {
  nowMs: number;
  readonly #resolutionMs: number;
  #armed: { dueMs: number; seq: number; callback: () => void }[] = [];
  #seq = 0;

  constructor(nowMs: number, resolutionMs: number) {
    this.nowMs = nowMs;
    this.#resolutionMs = resolutionMs;
  }

  get pending() {
    return this.#armed.length;
  }

  setTimeout(callback: () => void, delayMs: number) {
    const timer = { dueMs: Math.ceil(this.nowMs + Math.max(1, delayMs)), seq: this.#seq++, callback };
    this.#armed.push(timer);
    this.#armed.sort((a, b) => a.dueMs - b.dueMs || a.seq - b.seq);
    return timer;
  }

  clearTimeout(timer: unknown) {
    this.#armed = this.#armed.filter((armed) => armed !== timer);
  }

  runTo(endMs: number) {
    for (let [first] = this.#armed; first !== undefined; [first] = this.#armed) {
      const slotMs = Math.ceil(first.dueMs / this.#resolutionMs) * this.#resolutionMs;
      if (slotMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, slotMs);
      this.#armed.shift();
      first.callback();
    }
    this.nowMs = endMs;
  }
}

/** Plays the steps on a clock and tells what fired when. */
function play(
  clock: { setTimeout(callback: () => void, delayMs: number): unknown; clearTimeout(timer: unknown): void },
  time: { nowMs: number; runTo(endMs: number): void },
  steps: readonly Step[],
) {
  const fired: [index: number, atMs: number, dueMs: number][] = [];
  const timers: unknown[] = [];
  const arm = (delayMs: number, thenArmMs?: number, cancels?: number) => {
    const index = timers.length;
    const dueMs = time.nowMs + delayMs;
    timers.push(
      clock.setTimeout(() => {
        fired.push([index, time.nowMs, dueMs]);
        if (cancels !== undefined) clock.clearTimeout(timers[cancels]);
        if (thenArmMs !== undefined) arm(thenArmMs);
      }, delayMs),
    );
  };
  for (const made of steps) {
    if (made.does === 'arm') arm(made.delayMs, made.thenArmMs, made.cancels);
    else if (made.does === 'cancel') clock.clearTimeout(timers[made.index]);
    else if (made.does === 'run') time.runTo(time.nowMs + made.ms);
    else time.nowMs += made.ms;
  }
  return fired;
}

describe('the timing wheel beside a sorted list', () => {
  it.each([1, 7, 10, 1_000])('fires the same timers at the same moments in the same order at %i ms', (resolutionMs) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.oneof(fc.nat(2 ** 31), fc.nat(100)), (steps, startMs) => {
        const host = new HandHost(startMs);
        const wheel = new TimingWheel({ host, resolutionMs });
        const list = new SortedList(startMs, resolutionMs);
        const fired = play(wheel, host, steps);
        expect(fired).toEqual(play(list, list, steps));
        for (const [, atMs, dueMs] of fired) expect(atMs).toBeGreaterThanOrEqual(dueMs);
        expect(wheel.pending).toBe(list.pending);
        host.runTo(host.nowMs + 1e10);
        expect(wheel.pending).toBe(0);
        expect(host.wakes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the system clock', () => {
  it('is one wheel that everybody shares', () => {
    expect(systemClock()).toBe(systemClock());
  });

  it('fires in real time, not early', async () => {
    const clock = systemClock();
    const startMs = performance.now();
    await new Promise<void>((resolve) => clock.setTimeout(resolve, 25));
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(25);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
  });

  it('throws what a callback threw in a task of its own', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      systemClock().setTimeout(() => {
        throw new Error('boom');
      }, 5);
      expect(() => vi.advanceTimersByTime(50)).toThrow('boom');
    } finally {
      vi.useRealTimers();
    }
  });
});
