import { type Standing, standings } from '../../../src/protocol/actorStatus.ts';

export { type Standing, standings };

/** What one standing is called and whether it calls for a person. */
export type StandingLook = { readonly label: string; readonly isProblem: boolean };

export const looks: Readonly<Record<Standing, StandingLook>> = {
  error: { label: 'Error', isProblem: true },
  unhealthy: { label: 'Unhealthy', isProblem: true },
  stale: { label: 'Stale', isProblem: true },
  reconnecting: { label: 'Reconnecting', isProblem: true },
  starting: { label: 'Starting', isProblem: false },
  degraded: { label: 'Degraded', isProblem: true },
  draining: { label: 'Draining', isProblem: false },
  healthy: { label: 'Healthy', isProblem: false },
  paused: { label: 'Paused', isProblem: false },
  stopped: { label: 'Stopped', isProblem: false },
};

/** The numbers of the standings that call for a person. */
export const problemNumbers: ReadonlySet<number> = new Set(
  standings.flatMap((standing, index) => (looks[standing].isProblem ? [index] : [])),
);

/** The standing behind a number of the wire. */
export function standingAt(number: number): Standing {
  return standings[number] ?? 'stopped';
}
