import { callable, positiveMs, type Rules, resolveOptions } from '../rules.ts';
import type { RunService } from './runScope.ts';

/** Something that is done again and again. */
export interface IntervalOptions {
  /** The wait after one turn before the next, in milliseconds: turns never overlap. */
  readonly everyMs: number;
  /** One turn. What it rejects with ends the run, which counts as a failure. */
  readonly run: (signal: AbortSignal) => unknown;
}

const rules: Rules<IntervalOptions> = { everyMs: positiveMs, run: callable<IntervalOptions['run']>() };

/**
 * Makes a service that does something again and again: the first turn at once, after which it is ready. Each turn is a beat.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor, intervalService } from '@watchkeeper/core';
 *
 * const keeper = createSupervisor();
 * const cache = new Map<string, number>();
 * keeper.service('sweep', intervalService({ everyMs: 60_000, run: () => cache.clear() }), { beatWithinMs: 120_000 });
 * ```
 */
export function intervalService(given: IntervalOptions): RunService {
  const { everyMs, run } = resolveOptions<IntervalOptions>('interval', rules, {} as IntervalOptions, given);
  return async ({ signal, draining, ready, beat, quiet, sleep }) => {
    draining.addEventListener('abort', quiet);
    while (!draining.aborted) {
      await run(signal);
      beat();
      ready();
      await sleep(everyMs);
    }
  };
}
