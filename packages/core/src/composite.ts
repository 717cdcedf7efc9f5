import { InvalidOptionError } from './errors.ts';
import type { Health } from './health.ts';
import { type MonitorOptions, monitorDefaults, type ResolvedMonitorOptions } from './monitorOptions.ts';
import { flag, longestMs, type Rules, requireOption, resolveOptions, texts } from './rules.ts';
import type { Verdict } from './verdict.ts';

/** What a composite is made of. */
export interface Composition {
  /** Ids of the monitors it judges, composites among them. */
  readonly of: readonly string[];
  /** How many of them must be good: all, any one, or so many. */
  readonly need: 'all' | 'any' | number;
}

const rules: Rules<Composition> = {
  of: {
    is: 'a non-empty array of different ids',
    accepts: (value): value is readonly string[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((id) => typeof id === 'string' && id !== ''),
  },
  need: {
    is: "'all', 'any' or a whole number of 1 or more",
    accepts: (value): value is Composition['need'] =>
      value === 'all' || value === 'any' || (Number.isSafeInteger(value) && (value as number) >= 1),
  },
};

/** How a composite takes part in the whole. */
export interface CompositeOptions {
  /**
   * Whether the program is unready while this composite is.
   * @default true
   */
  readonly required?: boolean;
  /**
   * Ids of monitors it cannot be good without, beside its members; as {@link MonitorOptions.dependsOn}.
   * @default []
   */
  readonly dependsOn?: readonly string[];
}

const compositeDefaults = { required: true, dependsOn: [] } as const satisfies Required<CompositeOptions>;

const optionRules: Rules<CompositeOptions> = { required: flag, dependsOn: texts };

/**
 * The options of the monitor that a composite is: it judges at once, whenever a member changes, and never by the clock.
 *
 * @throws {@link InvalidOptionError} for the first option that breaks its rule.
 */
export function resolveCompositeOptions(given: CompositeOptions | undefined): ResolvedMonitorOptions {
  const own = resolveOptions<Required<CompositeOptions>>('composite', optionRules, compositeDefaults, given);
  return { ...monitorDefaults, ...own, intervalMs: longestMs, alertAfter: -1 };
}

/** @throws {@link InvalidOptionError} for a list or need that breaks its rule, or that the members could never meet. */
export function requireComposition(given: Composition): void {
  const composition = resolveOptions<Composition>('composite', rules, { of: [], need: 'all' }, given);
  requireOption('composite.need', rules.need, given.need);
  const { of, need } = composition;
  if (typeof need === 'number' && need > of.length) {
    throw new InvalidOptionError('composite.need', `at most the number of members (${of.length})`, need);
  }
}

/** One member as it is now; `undefined` when no such monitor runs. */
export interface Member {
  readonly id: string;
  readonly health: Health | undefined;
}

/**
 * The verdict over many members, or `undefined` while it is unknown (INV-72).
 *
 * Who is paused, stopped or gone does not count. Members that are still starting leave the verdict open for as long
 * as it depends on them. A need met only with the help of degraded members is a warning.
 */
export function judgeMembers(members: readonly Member[], need: Composition['need']): Verdict | undefined {
  const counted = members.filter(({ health }) => health !== undefined && health !== 'paused' && health !== 'stopped');
  const number = (...healths: readonly Health[]) =>
    counted.filter(({ health }) => health !== undefined && healths.includes(health)).length;
  const needed = need === 'all' ? counted.length : need === 'any' ? 1 : need;
  const good = number('healthy', 'degraded');
  const measured = { good, members: counted.length, needed };
  if (counted.length === 0) return undefined;
  if (number('healthy') >= needed) return { status: 'pass', measured };
  if (good >= needed) return { status: 'warn', detail: lineOf('degraded', counted), measured };
  if (good + number('starting') >= needed) return undefined;
  return { status: 'fail', detail: `${good} of ${needed} needed; ${lineOf('down', counted)}`, measured };
}

function lineOf(what: 'degraded' | 'down', members: readonly Member[]): string {
  const named = members.filter(({ health }) => (what === 'degraded' ? health === what : !isGoodOrOpen(health)));
  return named.map(({ id, health }) => `${id} is ${health}`).join(', ');
}

function isGoodOrOpen(health: Health | undefined): boolean {
  return health === 'healthy' || health === 'degraded' || health === 'starting';
}
