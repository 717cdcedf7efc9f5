import type { Health } from '@watchkeeper/core';
import { isForeign, type ShownActor } from './shownActor.ts';

/** Status of an actor: its health where it has one, else the health that its state corresponds to. */
export type ActorStatus = Health | 'draining';

/** Every status, the most urgent first. The index is its number in the protocol. */
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
  reading: 'healthy',
  open: 'healthy',
  parting: 'draining',
  draining: 'draining',
  closing: 'draining',
  closed: 'stopped',
  stopped: 'stopped',
};

/** Returns the status of an actor. A notifier that is stalled is degraded, one that is leaving is draining. */
export function actorStatusOf({ kind, value, health }: Pick<ShownActor, 'kind' | 'value' | 'health'>): ActorStatus {
  const top = typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');
  if (kind === 'supervisor' && top === 'draining') return 'draining';
  if (health !== undefined) return health;
  if (typeof value === 'object' && value[top] === 'stalled') return 'degraded';
  // Of a plain XState actor nothing is known but that it runs.
  return statusOfState[top] ?? (isForeign(kind) ? 'healthy' : 'starting');
}
