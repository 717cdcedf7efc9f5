import { count, oneOf, positiveCount, type Rules, resolveOptions } from '../rules.ts';

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * What becomes of a guard, delay or actor that has no implementation: `refuse` throws at once, `defer` does what XState
   * does when it comes to use the name. For machines that get their implementations later.
   * @default 'refuse'
   */
  readonly missing?: 'refuse' | 'defer';
  /**
   * How many configurations a chart may have and still get tables for each of them. One with more, which only parallel
   * states bring, gets tables for each region.
   * @default 64
   */
  readonly composeAbove?: number;
  /**
   * How much the tables of a chart may hold, counted in states of configurations and actions of microsteps. When they
   * hold more, all of it is let go, and what is still used is made again.
   * @default 20000
   */
  readonly maxTableEntries?: number;
}

/** Defaults of {@link CompileOptions}. 20 000 entries are some megabytes. */
export const compileDefaults = {
  missing: 'refuse',
  composeAbove: 64,
  maxTableEntries: 20_000,
} as const satisfies Required<CompileOptions>;

const rules: Rules<CompileOptions> = {
  missing: oneOf('refuse', 'defer'),
  composeAbove: count,
  maxTableEntries: positiveCount,
};

/** @throws InvalidOptionError when an option breaks its rule. */
export function resolveCompileOptions(given: CompileOptions | undefined): Required<CompileOptions> {
  return resolveOptions<Required<CompileOptions>>('compile', rules, compileDefaults, given);
}
