import { callable, type Rules, resolveOptions } from '../rules.ts';
import type { RunService } from './runScope.ts';
import { whenAborted } from './whenAborted.ts';

/** A consumer of a queue, which takes work by itself. */
export interface ConsumerOptions {
  /** Begins to take work. */
  readonly resume: () => unknown;
  /** Takes no more work; what is in flight goes on. */
  readonly pause: () => unknown;
  /** How many jobs are in flight. */
  readonly inFlight: () => number;
}

const rules: Rules<ConsumerOptions> = {
  resume: callable<ConsumerOptions['resume']>(),
  pause: callable<ConsumerOptions['pause']>(),
  inFlight: callable<ConsumerOptions['inFlight']>(),
};

/** How long to wait between two looks at what is in flight, in milliseconds. */
const lookEveryMs = 50;

/**
 * Makes a service of a consumer: it is paused when a drain begins, and stopped once nothing is in flight or `quiesceMs` is
 * over.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 * @example
 * ```ts
 * import { consumerService, createSupervisor } from '@watchkeeper/core';
 *
 * const keeper = createSupervisor();
 * const jobs = { isTaking: false, running: 0 };
 * const consumer = consumerService({
 *   resume: () => void (jobs.isTaking = true),
 *   pause: () => void (jobs.isTaking = false),
 *   inFlight: () => jobs.running,
 * });
 * keeper.service('jobs', consumer, { quiesceMs: 10_000 });
 * ```
 */
export function consumerService(given: ConsumerOptions): RunService {
  const { resume, pause, inFlight } = resolveOptions<ConsumerOptions>('consumer', rules, {} as ConsumerOptions, given);
  return async ({ signal, draining, ready, quiet, sleep }) => {
    await resume();
    ready();
    // Both end the taking of work: a restart stops a run that no drain has paused.
    await whenAborted(draining);
    await pause();
    while (!signal.aborted && inFlight() > 0) await sleep(lookEveryMs);
    quiet();
    await whenAborted(signal);
  };
}
