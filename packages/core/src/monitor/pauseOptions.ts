import type { Health } from '../model/health.ts';
import { oneOf, optional, positiveMs, type Rules, resolveOptions } from '../rules.ts';

/** What is assumed of a target while it is not asked. */
export type Assumption = 'last' | 'up' | 'down';

/** How long a target is left alone, and what counts for it meanwhile. */
export interface PauseOptions {
  /**
   * How long, in milliseconds.
   * @default until {@link Monitor.resume}
   */
  readonly ttlMs?: number | undefined;
  /**
   * What counts for it meanwhile in planes, composites and dependencies: what was known of it `last`, or that it is `up` or
   * `down`. Where nothing is known, it does not count.
   * @default 'last'
   */
  readonly assume?: Assumption;
}

const pauseDefaults: Required<PauseOptions> = { ttlMs: undefined, assume: 'last' };

const rules: Rules<PauseOptions> = { ttlMs: optional(positiveMs), assume: oneOf('last', 'up', 'down') };

/** @throws {@link InvalidOptionError} for the first option that breaks its rule. */
export function resolvePauseOptions(given: PauseOptions | undefined): Required<PauseOptions> {
  return resolveOptions('monitor.pause', rules as Rules<Required<PauseOptions>>, pauseDefaults, given);
}

/**
 * What counts for a target in a pause, or `undefined` where nothing is known of it.
 *
 * @param health what it is at the moment, or was when its pause began.
 */
export function assumedHealth(assume: Assumption, health: Health): Health | undefined {
  if (assume === 'up') return 'healthy';
  if (assume === 'down') return 'unhealthy';
  return health === 'starting' || health === 'paused' || health === 'stopped' ? undefined : health;
}
