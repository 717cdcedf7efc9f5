import { test } from 'vitest';
import { launchBrowser } from './launch.ts';

/** A test, with hooks, that is given a `browser`: one for all files of a worker, closed as the worker ends. */
export const it = test.extend(
  'browser',
  { scope: 'worker' },
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what is asked for, here nothing.
  async ({}, { onCleanup }) => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  },
);
