/**
 * The judgement over many verdicts of one target.
 *
 * `starting` no judgement yet · `healthy` · `degraded` passing with a warning · `unhealthy` the target fails ·
 * `error` the check itself keeps failing · `stale` too old or idle · `reconnecting` its owner is bringing it back ·
 * `paused` not being asked · `stopped` no longer watched.
 */
export type Health =
  | 'starting'
  | 'healthy'
  | 'degraded'
  | 'unhealthy'
  | 'error'
  | 'stale'
  | 'reconnecting'
  | 'paused'
  | 'stopped';

/** Every health, from the one that calls for a person first to the calmest. */
export const healths = [
  'error',
  'unhealthy',
  'stale',
  'reconnecting',
  'starting',
  'degraded',
  'healthy',
  'paused',
  'stopped',
] as const satisfies readonly Health[];

const rank = Object.fromEntries(healths.map((health, index) => [health, index])) as Record<Health, number>;

/** Whether work may be sent to something of this health. `paused` is neither asked nor doubted, so it may. */
export function isReady(health: Health): boolean {
  return health === 'healthy' || health === 'degraded' || health === 'paused';
}

/**
 * The health of many as one: the worst of them, leaving out what is paused or stopped.
 *
 * Nothing to judge is `healthy`: a program that watches nothing has nothing against it.
 */
export function worstHealth(all: Iterable<Health>): Health {
  let worst: Health = 'healthy';
  for (const health of all) {
    if (health !== 'paused' && health !== 'stopped' && rank[health] < rank[worst]) worst = health;
  }
  return worst;
}
