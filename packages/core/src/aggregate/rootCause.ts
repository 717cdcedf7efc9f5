import type { Health } from '../model/health.ts';

/** Whether what rests on something of this health is let down by it. */
export function isDown(health: Health | undefined): boolean {
  return health === 'unhealthy' || health === 'error' || health === 'stale' || health === 'reconnecting';
}

/** The dependencies and health that the search for a root cause reads. */
export interface Causes {
  /** What each id depends on directly. Must know no circles. */
  readonly dependenciesOf: (id: string) => readonly string[];
  readonly healthOf: (id: string) => Health | undefined;
}

/**
 * The monitor at the bottom of what lets `id` down: one that `id` depends on, directly or through others, that is down
 * while nothing it depends on itself is. `undefined` when nothing is down.
 */
export function rootCauseOf(id: string, { dependenciesOf, healthOf }: Causes): string | undefined {
  const sound = new Set<string>();
  const search = (from: string): string | undefined => {
    for (const below of dependenciesOf(from)) {
      if (sound.has(below)) continue;
      const cause = search(below) ?? (isDown(healthOf(below)) ? below : undefined);
      if (cause !== undefined) return cause;
      sound.add(below);
    }
    return undefined;
  };
  return search(id);
}

/** The health that can be counted on: what works but rests on something that is down is `unhealthy`. */
export function effectiveHealth(observed: Health, rootCause: string | undefined): Health {
  const works = observed === 'healthy' || observed === 'degraded';
  return works && rootCause !== undefined ? 'unhealthy' : observed;
}
