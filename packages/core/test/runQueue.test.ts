import { settle } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createRunQueue } from '../src/runtime/runQueue.ts';

const quiet = () => {};

describe('a run queue', () => {
  it('runs nothing within the push, and everything in order, also what tasks push', async () => {
    const queue = createRunQueue({ onError: quiet });
    const order: string[] = [];
    queue.push(() => {
      order.push('first');
      queue.push(() => order.push('pushed by first'));
    });
    queue.push(() => order.push('second'));
    expect([order, queue.length]).toEqual([[], 2]);
    await settle();
    expect([order, queue.length]).toEqual([['first', 'second', 'pushed by first'], 0]);
  });

  it('goes on after a task that throws, and says what it threw (INV-52)', async () => {
    const thrown: unknown[] = [];
    const queue = createRunQueue({ onError: (cause) => void thrown.push(cause) });
    let ran = 0;
    queue.push(() => {
      throw new Error('bad task');
    });
    queue.push(() => ran++);
    await settle();
    expect([thrown, ran]).toEqual([[new Error('bad task')], 1]);
  });

  it('yields to the event loop during a long run, and still runs all of it', async () => {
    const queue = createRunQueue({ onError: quiet });
    let ran = 0;
    let ranAtTimeout = -1;
    let seen = 0;
    let longest = 0;
    setTimeout(() => {
      ranAtTimeout = ran;
    }, 0);
    const yielded = () => {
      longest = Math.max(longest, ran - seen);
      seen = ran;
      if (ran < total) setImmediate(yielded);
    };
    setImmediate(yielded);
    const total = 20_000;
    const finished = new Promise<void>((resolve) => {
      for (let task = 0; task < total; task++) {
        queue.push(() => {
          ran += 1;
          const until = performance.now() + 0.005;
          while (performance.now() < until);
          if (ran === total) resolve();
        });
      }
    });
    await finished;
    expect(ranAtTimeout).toBeGreaterThan(0);
    expect(ranAtTimeout).toBeLessThan(total);
    // A slice is a millisecond, and a task took a two-hundredth of it.
    expect(longest).toBeLessThan(1_000);
  });

  it('gives promises that fill it again and again no fresh slice in the same turn of the loop', async () => {
    const queue = createRunQueue({ onError: quiet });
    const total = 5_000;
    let ran = 0;
    let longest = 0;
    let seen = 0;
    const turn = () => {
      longest = Math.max(longest, ran - seen);
      seen = ran;
      if (ran < total) setImmediate(turn);
    };
    setImmediate(turn);
    await new Promise<void>((resolve) => {
      const again = () => {
        ran += 1;
        const until = performance.now() + 0.005;
        while (performance.now() < until);
        if (ran === total) resolve();
        else void Promise.resolve().then(() => queue.push(again));
      };
      queue.push(again);
    });
    expect(longest).toBeLessThan(1_000);
  });

  it('divides by count where it is told to, and needs no turn of the loop for that', async () => {
    const queue = createRunQueue({ onError: quiet, partsPerSlice: 4 });
    const order: number[] = [];
    for (let task = 0; task < 10; task++) queue.push(() => order.push(task));
    // A slice of four, then whoever waits meanwhile, then the next slice.
    queueMicrotask(() => order.push(-1));
    let turns = 0;
    setImmediate(() => {
      turns += 1;
    });
    await new Promise<void>((resolve) => queue.push(resolve));
    expect([order, turns]).toEqual([[0, 1, 2, 3, -1, 4, 5, 6, 7, 8, 9], 0]);
  });
});
