import { settle } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { createRunQueue } from '../src/runtime/runQueue.ts';

const quiet = () => {};

describe('a run queue', () => {
  it('runs nothing within the push, and everything in order, also what tasks push', async () => {
    const queue = createRunQueue(quiet);
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
    const queue = createRunQueue((cause) => thrown.push(cause));
    let ran = 0;
    queue.push(() => {
      throw new Error('bad task');
    });
    queue.push(() => ran++);
    await settle();
    expect([thrown, ran]).toEqual([[new Error('bad task')], 1]);
  });

  it('yields to the event loop during a long run, and still runs all of it', async () => {
    const queue = createRunQueue(quiet);
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
});
