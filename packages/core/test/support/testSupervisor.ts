import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import {
  createSupervisor,
  type MonitorOptions,
  type Refusal,
  type Reservation,
  type SupervisorEvent,
  type SupervisorOptions,
} from '../../src/index.ts';

/** Creates a supervisor on a virtual clock, and collects its events; `of` returns those of one type. */
export function createTestSupervisor(options: SupervisorOptions = {}) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, ...options });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const of = <T extends SupervisorEvent['type']>(type: T) =>
    events.filter((event): event is Extract<SupervisorEvent, { type: T }> => event.type === type);
  return { clock, keeper, events, of };
}

/** Starts a supervisor with one monitor that checks every second by a script. */
export function startMonitor(script: string, options: MonitorOptions = {}) {
  const supervised = createTestSupervisor();
  const probe = scriptedProbe(script);
  const monitor = supervised.keeper.monitor('api', probe, { intervalMs: 1_000, timeoutMs: 500, jitter: 0, ...options });
  supervised.keeper.start();
  return { ...supervised, probe, monitor };
}

/** Returns the reservation, which must have been given. */
export function expectReserved(given: Reservation | Refusal): Reservation {
  if (!given.reserved) throw new Error(`refused: ${given.reason}`);
  return given;
}
