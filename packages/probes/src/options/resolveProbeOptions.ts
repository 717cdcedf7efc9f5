import { InvalidOptionError } from '@watchkeeper/core';
import { type Rules, resolveOptions } from '@watchkeeper/core/options';

/** Options with their defaults: those named by `TSure` are always there, the others may be undefined. */
export type Resolved<TOptions, TSure extends keyof TOptions> = {
  [K in keyof TOptions]-?: K extends TSure ? Exclude<TOptions[K], undefined> : TOptions[K] | undefined;
};

/** Stands in an error for a value that may hold credentials. */
export const hiddenValue = '(hidden)';

const secretOption = /\.(argv|body|env|headers|script|send|url|\w*(auth|cert|cookie|key|pass|secret|token)\w*)$/i;

/**
 * Checks options and lays them over their defaults, as core's `resolveOptions`. An option without a default is required
 * if its rule refuses `undefined`.
 *
 * @throws `InvalidOptionError` naming the first bad option; values that may hold credentials are hidden.
 */
export function resolveProbeOptions<TOptions extends object>(
  owner: string,
  rules: Rules<TOptions>,
  defaults: Partial<TOptions>,
  given: object | undefined,
): TOptions {
  try {
    return resolveOptions(owner, rules, defaults as TOptions, given === undefined ? {} : given);
  } catch (error) {
    if (!(error instanceof InvalidOptionError) || !secretOption.test(error.option)) throw error;
    throw new InvalidOptionError(error.option, error.rule, hiddenValue);
  }
}
