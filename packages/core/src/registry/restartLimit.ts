import { count, positiveMs, type Rules, resolveOptions } from '../rules.ts';
import type { RestartLimit } from './restartPolicy.ts';

const rules: Rules<RestartLimit> = { intensity: count, periodMs: positiveMs };

/** @throws {@link InvalidOptionError} for the first part that breaks its rule; `option` names the whole. */
export function resolveRestartLimit(
  option: string,
  given: Partial<RestartLimit> | undefined,
  defaults: RestartLimit,
): RestartLimit {
  return resolveOptions<RestartLimit>(option, rules, defaults, given);
}
