import { scriptedProbe, VirtualClock } from '@watchkeeper/testing';
import {
  createSupervisor,
  type MonitorOptions,
  type Refusal,
  type Reservation,
  type SupervisorEvent,
  type SupervisorOptions,
} from '../src/index.ts';

/** A supervisor on a virtual clock, with everything it says. */
export function keep(options: SupervisorOptions = {}) {
  const clock = new VirtualClock();
  const keeper = createSupervisor({ clock, ...options });
  const events: SupervisorEvent[] = [];
  keeper.events$.subscribe((event) => events.push(event));
  const of = <T extends SupervisorEvent['type']>(type: T) =>
    events.filter((event): event is Extract<SupervisorEvent, { type: T }> => event.type === type);
  return { clock, keeper, events, of };
}

/** One started monitor that asks every second by a script. */
export function watch(script: string, options: MonitorOptions = {}) {
  const kept = keep();
  const probe = scriptedProbe(script);
  const monitor = kept.keeper.monitor('api', probe, { intervalMs: 1_000, timeoutMs: 500, jitter: 0, ...options });
  kept.keeper.start();
  return { ...kept, probe, monitor };
}

/** A reservation that is expected to be given. */
export function slot(given: Reservation | Refusal): Reservation {
  if (!given.reserved) throw new Error(`refused: ${given.reason}`);
  return given;
}
