import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimingWheel } from '../src/index.ts';
import { ManualHost } from './support/manualHost.ts';

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
        const host = new ManualHost(startMs);
        const wheel = new TimingWheel({ host, resolutionMs });
        const list = new SortedList(startMs, resolutionMs);
        const fired = play(wheel, host, steps);
        expect(fired).toEqual(play(list, list, steps));
        expect(fired.filter(([, atMs, dueMs]) => !(atMs >= dueMs))).toEqual([]);
        expect(wheel.pending).toBe(list.pending);
        host.runTo(host.nowMs + 1e10);
        expect(wheel.pending).toBe(0);
        expect(host.wakes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
