import type { Rule } from '../rules.ts';

/** Every plane: the questions that are answered separately about a program. */
export const planes = ['started', 'ready', 'live'] as const;

/**
 * One question about a program, as Kubernetes asks it: has it `started`, is it `ready` for work, is it `live` or better
 * ended.
 */
export type Plane = (typeof planes)[number];

/** Any set of planes, in any order. */
export const planesRule: Rule<readonly Plane[]> = {
  is: `an array of different ones of ${planes.map((plane) => JSON.stringify(plane)).join(', ')}`,
  accepts: (value): value is readonly Plane[] =>
    Array.isArray(value) &&
    new Set(value).size === value.length &&
    value.every((plane) => (planes as readonly unknown[]).includes(plane)),
};

const sets = new Map<string, readonly Plane[]>();

/** Returns the same planes in their own order, as one frozen array for all who name this set. */
export function sharedPlanes(given: readonly Plane[]): readonly Plane[] {
  const ordered = planes.filter((plane) => given.includes(plane));
  const key = ordered.join();
  const shared = sets.get(key);
  if (shared !== undefined) return shared;
  const frozen = Object.freeze(ordered);
  sets.set(key, frozen);
  return frozen;
}
