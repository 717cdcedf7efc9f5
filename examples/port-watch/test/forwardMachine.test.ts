import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, SimulatedClock } from 'xstate';
import type { CommandEvent, CommandInput } from '../src/command.ts';
import { forwardMachine } from '../src/forwardMachine.ts';

/** A forward whose command does what the test says, under a clock that the test moves. */
function start() {
  const marks: string[] = [];
  const runs: { tell: (event: CommandEvent) => void; ended: boolean }[] = [];
  const command = fromCallback<{ type: 'none' }, CommandInput>(({ sendBack }) => {
    const run = { tell: (event: CommandEvent) => sendBack(event), ended: false };
    runs.push(run);
    return () => {
      run.ended = true;
    };
  });
  const clock = new SimulatedClock();
  const forward = createActor(forwardMachine.provide({ actors: { command } }), {
    clock,
    input: {
      command: { words: ['tunnel'], folder: '.' },
      monitor: {
        markConnected: () => marks.push('connected'),
        markReconnecting: () => marks.push('reconnecting'),
      },
      say: () => {},
    },
  }).start();
  const last = () => runs.at(-1) ?? { tell: () => {}, ended: true };
  const ready = () => last().tell({ type: 'ready', pid: 7 });
  const exit = () => last().tell({ type: 'exited', why: 'exit code 1' });
  /** How long it takes until the command runs again, in milliseconds. */
  const wait = () => {
    const before = runs.length;
    let ms = 0;
    for (; runs.length === before && ms < 60_000; ms += 10) clock.increment(10);
    return ms;
  };
  return { forward, clock, marks, runs, last, ready, exit, wait };
}

describe('a forward', () => {
  it('marks its monitor when the command is ready, and when it is brought back', () => {
    const { marks, ready, exit, wait } = start();
    expect(marks).toEqual([]);
    ready();
    exit();
    wait();
    ready();
    expect(marks).toEqual(['connected', 'reconnecting', 'connected']);
  });

  it('waits twice as long with each command that does not last, up to ten seconds (INV-56)', () => {
    const { exit, wait } = start();
    const waits = Array.from({ length: 8 }, () => {
      exit();
      return wait();
    });
    for (const [place, expected] of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000].entries()) {
      expect(waits[place]).toBeGreaterThanOrEqual(expected * 0.9);
      expect(waits[place]).toBeLessThanOrEqual(expected * 1.1 + 10);
    }
  });

  it('counts anew after a command that lasted (INV-56)', () => {
    const { clock, ready, exit, wait } = start();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      exit();
      wait();
    }
    ready();
    clock.increment(5_000);
    exit();
    expect(wait()).toBeLessThanOrEqual(285);
  });

  it('is renewed while it is connected, and begins nothing anew while it is brought back already (INV-51)', () => {
    const { forward, runs, last, ready, wait } = start();
    ready();
    const hanging = last();
    forward.send({ type: 'renew', why: 'it is stale' });
    expect(hanging.ended).toBe(true);
    forward.send({ type: 'renew', why: 'it is stale' });
    expect(wait()).toBeLessThanOrEqual(285);
    forward.send({ type: 'renew', why: 'it is stale' });
    expect(last().ended).toBe(false);
    expect(runs).toHaveLength(2);
  });

  it('gives up on a command that does not get ready within ten seconds, and tries another', () => {
    const { clock, runs, last, marks, wait } = start();
    const first = last();
    clock.increment(10_000);
    expect(first.ended).toBe(true);
    wait();
    expect(runs).toHaveLength(2);
    expect(marks).toEqual(['reconnecting']);
  });

  it('ends its command when it is ended itself', () => {
    const { forward, last } = start();
    forward.stop();
    expect(last().ended).toBe(true);
  });
});
