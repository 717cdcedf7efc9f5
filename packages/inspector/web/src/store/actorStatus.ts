import { type ActorStatus, actorStatuses } from '../../../src/protocol/actorStatus.ts';

export { type ActorStatus, actorStatuses };

/** What one status is called and whether it calls for a person. */
export type StatusProperties = { readonly label: string; readonly isProblem: boolean };

export const statusProperties: Readonly<Record<ActorStatus, StatusProperties>> = {
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

/** The numbers of the statuses that call for a person. */
export const problemStatuses: ReadonlySet<number> = new Set(
  actorStatuses.flatMap((status, index) => (statusProperties[status].isProblem ? [index] : [])),
);

/** The status behind a number of the wire. */
export function statusAt(number: number): ActorStatus {
  return actorStatuses[number] ?? 'stopped';
}
