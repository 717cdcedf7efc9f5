import { describe, expect, it } from 'vitest';
import { StallMeter } from '../src/runtime/stallMeter.ts';

/** A host whose clocks move by hand; `standStill` moves them without a tick. */
function manualHost({ hasBootClock = true } = {}) {
  const times = { monotonicMs: 1_000, wallMs: 5_000, bootMs: 2_000 };
  let tick: (() => void) | undefined;
  let note: (startMs: number, durationMs: number) => void = () => {};
  const pass = (ms: number) => {
    times.monotonicMs += ms;
    times.wallMs += ms;
    times.bootMs += ms;
  };
  const host = {
    monotonicMs: () => times.monotonicMs,
    wallMs: () => times.wallMs,
    bootMs: () => (hasBootClock ? times.bootMs : undefined),
    every: (_ms: number, callback: () => void) => {
      tick = callback;
      return () => {
        tick = undefined;
      };
    },
    onCollection: (callback: typeof note) => {
      note = callback;
    },
  };
  return {
    host,
    times,
    isTicking: () => tick !== undefined,
    standStill: pass,
    tickAfter: (ms: number) => {
      pass(ms);
      tick?.();
    },
    collect: (durationMs: number) => {
      const startMs = times.monotonicMs;
      pass(durationMs);
      note(startMs, durationMs);
    },
  };
}

function startMeter(options?: Parameters<typeof manualHost>[0]) {
  const made = manualHost(options);
  const meter = new StallMeter(made.host);
  meter.begin();
  return { meter, ...made };
}

describe('the measure of stalls', () => {
  it('takes what a tick is late by, and forgets none that a longer check had', () => {
    const { meter, tickAfter } = startMeter();
    tickAfter(50);
    expect(meter.longestMs(10_000)).toBe(0);
    tickAfter(350);
    for (let turn = 0; turn < 20; turn += 1) tickAfter(50);
    expect([meter.longestMs(10_000), meter.longestMs(500)]).toEqual([300, 0]);
  });

  it('sees a stall of which the tick has not come yet', () => {
    const { meter, tickAfter, standStill } = startMeter();
    tickAfter(50);
    standStill(450);
    expect(meter.longestMs(100)).toBe(400);
  });

  it('ticks only while a check is under way, and takes no rest for a stall', () => {
    const { meter, tickAfter, isTicking, standStill } = startMeter();
    meter.begin();
    meter.end();
    tickAfter(50);
    expect(isTicking()).toBe(true);
    meter.end();
    tickAfter(50);
    expect(isTicking()).toBe(false);
    standStill(60_000);
    expect(meter.longestMs(100_000)).toBe(0);
    meter.begin();
    tickAfter(50);
    expect([isTicking(), meter.longestMs(100_000)]).toEqual([true, 0]);
  });

  it('names a collection of garbage that took most of it, and no other', () => {
    const { meter, tickAfter, collect, standStill } = startMeter();
    collect(400);
    tickAfter(50);
    expect([meter.longestMs(1_000), meter.causeOf(1_000)]).toEqual([400, 'gc']);
    standStill(2_000);
    collect(40);
    tickAfter(1_000);
    expect(meter.causeOf(100)).toBeUndefined();
  });

  it('names a suspended machine, and a clock that was set', () => {
    const slept = startMeter();
    slept.times.wallMs += 3_600_000;
    slept.times.bootMs += 3_600_000;
    expect([slept.meter.longestMs(100), slept.meter.causeOf(100)]).toEqual([3_600_000, 'suspend']);
    const set = startMeter();
    set.times.wallMs += 3_600_000;
    set.tickAfter(50);
    expect([set.meter.longestMs(100), set.meter.causeOf(100)]).toEqual([3_600_000, 'clock']);
    const unknown = startMeter({ hasBootClock: false });
    unknown.times.wallMs += 3_600_000;
    expect(unknown.meter.causeOf(100)).toBe('clock');
  });

  it('remembers a bounded number', () => {
    const { meter, tickAfter } = startMeter();
    tickAfter(10_050);
    for (let turn = 0; turn < 1_000; turn += 1) tickAfter(51);
    expect(meter.longestMs(1_000_000)).toBe(1);
  });
});
