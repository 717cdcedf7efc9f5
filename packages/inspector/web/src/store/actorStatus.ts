import { type ActorStatus, actorStatuses } from '../../../src/protocol/actorStatus.ts';

export { type ActorStatus, actorStatuses };

/** Label of a status, and whether it is a problem. */
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

/** Numbers of the statuses that are problems. */
export const problemStatuses: ReadonlySet<number> = new Set(
  actorStatuses.flatMap((status, index) => (statusProperties[status].isProblem ? [index] : [])),
);

/** Returns the status with this number in the protocol. */
export function statusAt(number: number): ActorStatus {
  return actorStatuses[number] ?? 'stopped';
}
