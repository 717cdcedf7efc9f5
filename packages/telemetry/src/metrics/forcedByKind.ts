import type { DrainReport } from '@watchkeeper/core';

/** Returns how many of each kind a drain ended against their will: notifiers are those that were evicted. */
export function forcedByKind({ sessions, notifiers, services }: DrainReport) {
  return [
    ['session', sessions.forced],
    ['notifier', notifiers.evicted],
    ['service', services.forced],
  ] as const;
}
