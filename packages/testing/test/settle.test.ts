import { expect, it } from 'vitest';
import { settle } from '../src/index.ts';

it('settle waits for the rest of a run that took long before it was called, and that yields to the host', async () => {
  await settle();
  const untilMs = performance.now() + 25;
  while (performance.now() < untilMs);
  let isOver = false;
  // What core's run queue does after so many milliseconds.
  setImmediate(() => {
    isOver = true;
  });
  await settle();
  expect(isOver).toBe(true);
});
