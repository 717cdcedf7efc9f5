import { optional, type Rule, type Rules, requireOption, resolveOptions, text } from '../rules.ts';
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
  /**
   * Whom it asks. Probes of one host share its budget of checks, and hosts take turns; a probe without one is a host
   * of its own.
   */
  readonly host?: string;
}

/** What else is known of a probe that is defined. */
export interface DefineProbeOptions {
  /** Becomes {@link Probe.host}. */
  readonly host?: string | undefined;
}

const defineRules: Rules<DefineProbeOptions> = { host: optional(text) };

/** What a probe must be, as far as can be seen before it is asked. */
export const probeRule: Rule<Probe> = {
  is: 'a function (signal) => Promise<Verdict>',
  accepts: (value): value is Probe => typeof value === 'function',
};

/**
 * Gives a check a name. Anything with the shape of a {@link Probe} is a probe; this only names it.
 *
 * @throws {@link InvalidOptionError} when `name` or `host` is empty or `check` is not a function.
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
export function defineProbe(
  name: string,
  check: (signal: AbortSignal) => Promise<Verdict>,
  options?: DefineProbeOptions,
): Probe {
  requireOption('probe.name', text, name);
  requireOption('probe.check', probeRule, check);
  const { host } = resolveOptions<Required<DefineProbeOptions>>('probe', defineRules, { host: undefined }, options);
  // Named as it is made: a function that is renamed takes three times the memory.
  const named = { [name]: (signal: AbortSignal) => check(signal) };
  const probe = named[name] as Probe;
  return host === undefined ? probe : Object.defineProperty(probe, 'host', { value: host });
}
