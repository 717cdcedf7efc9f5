import type { Health } from '@watchkeeper/core';
import { isForeign, type ShownActor } from './shownActor.ts';

/** How an actor stands: its health where it has one, else what its state amounts to. */
export type ActorStatus = Health | 'draining';

/** Every status, from the one that calls for a person first to the calmest. Its place is its number on the wire. */
export const actorStatuses = [
  'error',
  'unhealthy',
  'stale',
  'reconnecting',
  'starting',
  'degraded',
  'draining',
  'healthy',
  'paused',
  'stopped',
] as const satisfies readonly ActorStatus[];

const statusOfState: Readonly<Record<string, ActorStatus>> = {
  idle: 'healthy',
  running: 'healthy',
  delivering: 'healthy',
  open: 'healthy',
  parting: 'draining',
  draining: 'draining',
  closing: 'draining',
  closed: 'stopped',
  stopped: 'stopped',
};

/** The status of one actor. A client that takes nothing any more is degraded, one that is leaving drains. */
export function actorStatusOf({ kind, value, health }: Pick<ShownActor, 'kind' | 'value' | 'health'>): ActorStatus {
  const top = typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');
  if (kind === 'supervisor' && top === 'draining') return 'draining';
  if (health !== undefined) return health;
  if (typeof value === 'object' && value[top] === 'stalled') return 'degraded';
  // Of a plain XState actor nothing is known but that it runs.
  return statusOfState[top] ?? (isForeign(kind) ? 'healthy' : 'starting');
}
