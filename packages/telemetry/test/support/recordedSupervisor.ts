import { createSupervisor, type SupervisorEvent, type SupervisorOptions } from '@watchkeeper/core';
import { VirtualClock } from '@watchkeeper/testing';

/** Creates a supervisor on a virtual clock, and the list of its events. */
export function createRecordedSupervisor(options: SupervisorOptions = {}) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, ...options });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  return { clock, keeper, events };
}

/** Options of a monitor that checks every second, exactly. */
export const everySecond = { intervalMs: 1_000, timeoutMs: 500, jitter: 0 } as const;
