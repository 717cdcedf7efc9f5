import type { Clock } from '@watchkeeper/core';

/** The host's own timers. */
export const hostClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle),
};
