import type { Health } from '@watchkeeper/core';
import { isForeign, type SeenActor } from './shownActor.ts';

/** How an actor stands: its health where it has one, else what its state amounts to. */
export type Standing = Health | 'draining';

/** Every standing, from the one that calls for a person first to the calmest. Its place is its number on the wire. */
export const standings = [
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
] as const satisfies readonly Standing[];

const standingOfState: Readonly<Record<string, Standing>> = {
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

/** The standing of one actor. A client that takes nothing any more is degraded, one that is leaving drains. */
export function standingOf({ kind, value, health }: Pick<SeenActor, 'kind' | 'value' | 'health'>): Standing {
  const top = typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');
  if (kind === 'supervisor' && top === 'draining') return 'draining';
  if (health !== undefined) return health;
  if (typeof value === 'object' && value[top] === 'stalled') return 'degraded';
  // Of a plain XState actor nothing is known but that it runs.
  return standingOfState[top] ?? (isForeign(kind) ? 'healthy' : 'starting');
}
