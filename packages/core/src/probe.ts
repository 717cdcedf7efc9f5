import { InvalidOptionError } from './errors.ts';
import type { Verdict } from './verdict.ts';

/**
 * One question asked of a target.
 *
 * A probe promises to settle soon after `signal` aborts, to free on every path whatever it opened, and to
 * answer `fail` for a target that is down. It throws only when the check itself broke: five such errors in
 * a row put its monitor into `error` (INV-63).
 */
export interface Probe {
  (signal: AbortSignal): Promise<Verdict>;
  /** Names the probe in events and in the inspector. */
  readonly name: string;
}

/**
 * Gives a check a name. Anything with the shape of a {@link Probe} is a probe; this only names it.
 *
 * @throws {@link InvalidOptionError} when `name` is empty or `check` is not a function.
 * @example
 * ```ts
 * import { defineProbe } from '@watchkeeper/core';
 *
 * const queue = { length: 3 };
 * export const backlog = defineProbe('backlog', async () => ({
 *   status: queue.length < 100 ? 'pass' : 'warn',
 *   measured: { length: queue.length },
 * }));
 * ```
 */
export function defineProbe(name: string, check: (signal: AbortSignal) => Promise<Verdict>): Probe {
  if (typeof name !== 'string' || name === '') throw new InvalidOptionError('probe.name', 'a non-empty string', name);
  if (typeof check !== 'function') throw new InvalidOptionError('probe.check', 'a function', check);
  const probe = (signal: AbortSignal): Promise<Verdict> => check(signal);
  return Object.defineProperty(probe, 'name', { value: name });
}
