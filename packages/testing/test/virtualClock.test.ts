import { describe, expect, it } from 'vitest';
import { createActor, createMachine, fromPromise, setup } from 'xstate';
import { ClockBusyError, settle, VirtualClock } from '../src/index.ts';

describe('the virtual clock', () => {
  it('starts at the documented epoch unless given one', () => {
    expect(new VirtualClock().now()).toBe(Date.UTC(2026, 0, 1));
    expect(new VirtualClock({ epochMs: 42 }).now()).toBe(42);
  });

  it('fires a timer that re-arms itself every 100 ms ten times in a second, at exact moments', async () => {
    const clock = new VirtualClock({ epochMs: 0 });
    const beats: number[] = [];
    const beat = () => {
      beats.push(clock.now());
      clock.setTimeout(beat, 100);
    };
    clock.setTimeout(beat, 100);
    await clock.advance(1_000);
    expect(beats).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
    expect(clock.now()).toBe(1_000);
    expect(clock.pending).toBe(1);
  });

  it('lets promises settle before the first timer, and between two timers of one millisecond', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const deep = async (name: string) => {
      for (let turn = 0; turn < 50; turn++) await null;
      seen.push(name);
    };
    clock.setTimeout(() => void deep('one'), 10);
    clock.setTimeout(() => seen.push('two'), 10);
    void deep('before');
    await clock.advance(10);
    expect(seen).toEqual(['before', 'one', 'two']);
  });

  it('fires a timer armed by a continuation between two timers at its own moment', async () => {
    const clock = new VirtualClock({ epochMs: 0 });
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, clock.now()]);
    const armLater = async () => {
      await null;
      clock.setTimeout(note('armed later'), 5);
    };
    clock.setTimeout(() => void armLater(), 10);
    clock.setTimeout(note('last'), 20);
    await clock.advance(20);
    expect(seen).toEqual([
      ['armed later', 15],
      ['last', 20],
    ]);
  });

  it('fires all timers in one go by advanceSync, and continuations after them', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.setTimeout(() => void Promise.resolve().then(() => seen.push('continuation')), 1);
    clock.setTimeout(() => seen.push('second'), 2);
    clock.advanceSync(2);
    expect(seen).toEqual(['second']);
    await clock.settle();
    expect(seen).toEqual(['second', 'continuation']);
  });

  it('moves to the next timer by step', () => {
    const clock = new VirtualClock({ epochMs: 0 });
    const seen: string[] = [];
    clock.setTimeout(() => seen.push('b'), 3_000_000_000);
    clock.setTimeout(() => seen.push('a'), 70);
    expect([clock.step(), clock.now(), ...seen]).toEqual([true, 70, 'a']);
    expect([clock.step(), clock.now(), ...seen]).toEqual([true, 3_000_000_000, 'a', 'b']);
    expect([clock.step(), clock.pending]).toEqual([false, 0]);
  });

  it('throws what timers threw, after the others fired', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const boom = (message: string) => () => {
      throw new Error(message);
    };
    clock.setTimeout(boom('one'), 5);
    clock.setTimeout(() => seen.push('kept'), 6);
    await expect(clock.advance(10)).rejects.toThrow('one');
    expect(seen).toEqual(['kept']);
    clock.setTimeout(boom('two'), 5);
    clock.setTimeout(boom('three'), 5);
    expect(() => clock.advanceSync(10)).toThrow(AggregateError);
    expect(() => clock.advanceSync(10)).not.toThrow();
  });

  it('refuses to be moved while it moves', async () => {
    const clock = new VirtualClock();
    const under = clock.advance(10);
    expect(() => clock.advanceSync(1)).toThrow(ClockBusyError);
    await expect(clock.advance(1)).rejects.toThrow(ClockBusyError);
    await under;
    clock.setTimeout(() => clock.step(), 1);
    expect(() => clock.advanceSync(1)).toThrow(ClockBusyError);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses to move by %d ms', async (ms) => {
    const clock = new VirtualClock();
    await expect(clock.advance(ms)).rejects.toThrow('a whole number of milliseconds from 0');
    expect(() => clock.freeze(ms)).toThrow('a whole number of milliseconds from 0');
  });

  it('jumps its wall clock without firing or shifting a timer', () => {
    const clock = new VirtualClock({ epochMs: 0 });
    const fired: number[] = [];
    clock.setTimeout(() => fired.push(clock.now()), 100);
    clock.jump(3_600_000);
    expect([clock.now(), fired]).toEqual([3_600_000, []]);
    clock.jump(-7_200_000);
    expect(clock.now()).toBe(3_600_000);
    clock.advanceSync(100);
    expect(fired).toEqual([3_600_100 - 7_200_000]);
  });

  it('fires late, in order, what fell due in a freeze', () => {
    const clock = new VirtualClock({ epochMs: 0 });
    const fired: [string, number][] = [];
    clock.setTimeout(() => fired.push(['b', clock.now()]), 200);
    clock.setTimeout(() => fired.push(['a', clock.now()]), 100);
    clock.freeze(5_000);
    expect(fired).toEqual([]);
    clock.advanceSync(0);
    expect(fired).toEqual([
      ['a', 5_000],
      ['b', 5_000],
    ]);
  });

  it('drives the delays and promises of an XState actor', async () => {
    const clock = new VirtualClock({ epochMs: 0 });
    const asked: number[] = [];
    const machine = setup({
      actors: { ask: fromPromise(async () => asked.push(clock.now())) },
    }).createMachine({
      initial: 'waiting',
      states: {
        waiting: { after: { 100: 'asking' } },
        asking: { invoke: { src: 'ask', onDone: 'waiting' } },
      },
    });
    const actor = createActor(machine, { clock }).start();
    await clock.advance(1_000);
    expect(asked).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
    actor.stop();
    expect(clock.pending).toBe(0);
  });

  it('fires the delays of a synchronous chart ten times too', () => {
    const clock = new VirtualClock();
    const machine = createMachine({
      initial: 'on',
      states: { on: { after: { 100: 'off' } }, off: { after: { 100: 'on' } } },
    });
    let changes = -1;
    const actor = createActor(machine, { clock });
    actor.subscribe(() => changes++);
    actor.start();
    clock.advanceSync(1_000);
    expect(changes).toBe(10);
  });
});

describe('settle', () => {
  it('settle waits for promise chains of any length', async () => {
    let turns = 0;
    void (async () => {
      while (turns < 1_000) {
        await null;
        turns++;
      }
    })();
    await settle();
    expect(turns).toBe(1_000);
  });
});
