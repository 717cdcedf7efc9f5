import type { Clock } from '@watchkeeper/core';

/** The process's own timers, which do not keep it alive. */
export const unrefTimers: Clock = {
  now: () => performance.now(),
  setTimeout(callback, delayMs) {
    const timer: unknown = setTimeout(callback, delayMs);
    // Node's timers can be let go of; those of other hosts are numbers.
    (timer as { unref?: () => void }).unref?.();
    return timer;
  },
  clearTimeout: (timer) => clearTimeout(timer),
};
