import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinRing, wordsPerRing } from '../src/history/binRing.ts';
import { binsPerWindow } from '../src/history/historyWindow.ts';

const binMs = 10;
const windowMs = binMs * binsPerWindow;

/** What a ring should know, kept the long way: how each millisecond was. */
class Model {
  readonly #standing = new Map<number, boolean>();
  readonly #latencies = new Map<number, number>();
  #until = 0;

  add(from: number, to: number, isUp: boolean): void {
    for (let at = from; at < to; at++) this.#standing.set(at, isUp);
    this.#until = Math.max(this.#until, to);
  }

  record(at: number, latencyMs: number): void {
    this.#latencies.set(Math.floor(at / binMs), latencyMs);
    this.#until = Math.max(this.#until, at);
  }

  bins() {
    const newest = Math.floor(this.#until / binMs);
    const oldest = Math.max(0, newest - binsPerWindow + 1);
    return Array.from({ length: newest - oldest + 1 }, (_, index) => {
      const number = oldest + index;
      const states = Array.from({ length: binMs }, (_, ms) => this.#standing.get(number * binMs + ms));
      const latencyMs = this.#latencies.get(number);
      return {
        at: number * binMs,
        upMs: states.filter((isUp) => isUp === true).length,
        downMs: states.filter((isUp) => isUp === false).length,
        ...(latencyMs === undefined ? {} : { latencyMs }),
      };
    });
  }
}

const ring = () => new BinRing(new Uint32Array(wordsPerRing), binMs);

describe('a ring of bins', () => {
  it('knows of its window what a list of all milliseconds would, after any history', () => {
    const step = fc.record({
      afterMs: fc.oneof(fc.nat(3 * binMs), fc.nat(3 * windowMs)),
      lastsMs: fc.oneof(fc.nat(3 * binMs), fc.nat(3 * windowMs)),
      isUp: fc.boolean(),
      latencyMs: fc.option(fc.nat(10_000), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const [real, model] = [ring(), new Model()];
        let now = 0;
        for (const { afterMs, lastsMs, isUp, latencyMs } of steps) {
          const from = now + afterMs;
          now = from + lastsMs;
          for (const each of [real, model]) {
            each.add(from, now, isUp);
            if (latencyMs !== undefined) each.record(now, latencyMs);
          }
        }
        real.advanceTo(now);
        model.add(now, now, true);
        expect([...real.bins()]).toEqual(model.bins());
      }),
      { numRuns: 200 },
    );
  });

  it('never counts a millisecond twice, even where the clock is set back', () => {
    const span = fc.tuple(fc.nat(5 * windowMs), fc.nat(2 * windowMs), fc.boolean());
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
        const real = ring();
        for (const [from, lastsMs, isUp] of spans) real.add(from, from + lastsMs, isUp);
        const bins = [...real.bins()];
        expect(bins.length).toBeLessThanOrEqual(binsPerWindow);
        const impossible = bins.filter(({ upMs, downMs }) => upMs < 0 || downMs < 0 || !(upMs + downMs <= binMs));
        expect(impossible).toEqual([]);
      }),
    );
  });

  it('writes latencies to the microsecond, and the longest it can for longer ones', () => {
    const one = ring();
    one.record(5, 1.2345678);
    one.record(15, 1e9);
    one.record(25, -1);
    expect([...one.bins()].map(({ latencyMs }) => latencyMs)).toEqual([1.235, 4_294_967.294, 0]);
  });
});
