import { InvalidOptionError } from '../errors.ts';
import type { Health } from '../model/health.ts';
import type { Verdict } from '../model/verdict.ts';
import {
  differentTexts,
  frozenCopy,
  positiveCount,
  positiveNumber,
  type Rule,
  type Rules,
  requireOption,
  resolveOptions,
  text,
} from '../rules.ts';

/** The members of a composite, and how many of them must be good. */
export interface Composition {
  /** Ids of the monitors it judges, composites among them; or all that have a tag, as they come and go. */
  readonly of: readonly string[] | { readonly tag: string };
  /** How many of them must be good: all, any one, so many, or as many as weigh so much ({@link Verdict.weight}). */
  readonly need: 'all' | 'any' | number | { readonly weight: number };
}

/** How many of several must be good. */
export const needRule: Rule<Composition['need']> = {
  is: "'all', 'any', a whole number of 1 or more, or { weight } above 0",
  accepts: (value): value is Composition['need'] =>
    value === 'all' ||
    value === 'any' ||
    positiveCount.accepts(value) ||
    (typeof value === 'object' && value !== null && 'weight' in value && positiveNumber.accepts(value.weight)),
};

const rules: Rules<Composition> = {
  of: {
    is: 'a non-empty array of different ids, or { tag }',
    accepts: (value): value is Composition['of'] =>
      Array.isArray(value)
        ? value.length > 0 && differentTexts.accepts(value)
        : typeof value === 'object' && value !== null && 'tag' in value && text.accepts(value.tag),
  },
  need: needRule,
};

/** The tag that a composition follows; `undefined` where it lists its members. */
export function tagOf({ of }: Composition): string | undefined {
  return 'tag' in of ? of.tag : undefined;
}

/**
 * Returns a composition that nobody can change.
 *
 * @throws {@link InvalidOptionError} for a list or need that breaks its rule, or that the members could never meet.
 */
export function resolveComposition(given: Composition): Composition {
  const composition = resolveOptions<Composition>(
    'composite',
    rules,
    { of: [], need: 'all' },
    given === undefined ? {} : given,
  );
  requireOption('composite.need', rules.need, given.need);
  const { of, need } = composition;
  if (!('tag' in of) && neededOf(need, of.length) > of.length) {
    throw new InvalidOptionError('composite.need', `at most the number of members (${of.length})`, need);
  }
  return { of: 'tag' in of ? { tag: of.tag } : frozenCopy(of), need: typeof need === 'object' ? { ...need } : need };
}

/** A composition that is checked, with how few good members are a panic. */
export interface ResolvedComposition extends Composition {
  /** A share of the members that count; 0 is off. */
  readonly panicThreshold: number;
}

/** One member as it is now; `health` is `undefined` when no such monitor runs. */
export interface Member {
  readonly id: string;
  readonly health: Health | undefined;
  readonly weight: number;
}

/** Sums of weights are only nearly what they should be. */
const tolerance = 1e-9;

function neededOf(need: Composition['need'], members: number): number {
  if (need === 'all') return members;
  if (need === 'any') return 1;
  return typeof need === 'number' ? need : need.weight;
}

/**
 * The verdict over many members, or `undefined` while it is unknown (INV-72).
 *
 * Who is stopped or gone does not count, nor who is paused while nothing is assumed of it. Members that are still starting
 * leave the verdict open for as long
 * as it depends on them. A need met only with the help of degraded members is a warning, and so is one that is not met where
 * fewer members than `panicThreshold`, as a share of those that count, are good (INV-116). A composite weighs what its members
 * do together, as a share of them.
 */
export function judgeMembers(
  members: readonly Member[],
  need: Composition['need'],
  panicThreshold = 0,
): Verdict | undefined {
  const counted = members.filter(({ health }) => health !== undefined && health !== 'paused' && health !== 'stopped');
  const of = (...healths: readonly Health[]) =>
    counted.filter(({ health }) => health !== undefined && healths.includes(health));
  const sum = (some: readonly Member[]) =>
    typeof need === 'object' ? some.reduce((total, { weight }) => total + weight, 0) : some.length;
  const needed = neededOf(need, counted.length);
  const isEnough = (...healths: readonly Health[]) => sum(of(...healths)) >= needed - tolerance;
  const good = of('healthy', 'degraded');
  const measured = { good: sum(good), members: counted.length, needed };
  if (counted.length === 0) return undefined;
  const share = good.reduce((total, { weight }) => total + weight, 0) / counted.length;
  const weight = share < 1 ? { weight: share } : {};
  if (isEnough('healthy')) return { status: 'pass', ...weight, measured };
  if (isEnough('healthy', 'degraded')) {
    return { status: 'warn', detail: lineOf('degraded', counted), ...weight, measured };
  }
  if (isEnough('healthy', 'degraded', 'starting')) return undefined;
  const down = lineOf('down', counted);
  if (good.length / counted.length < panicThreshold) {
    const detail = `panic: only ${good.length} of ${counted.length} members are good, so all of them count; ${down}`;
    return { status: 'warn', detail, measured: { ...measured, panic: 1 } };
  }
  return { status: 'fail', detail: `${sum(good)} of ${needed} needed; ${down}`, measured };
}

function lineOf(what: 'degraded' | 'down', members: readonly Member[]): string {
  const named = members.filter(({ health }) => (what === 'degraded' ? health === what : !isGoodOrOpen(health)));
  return named.map(({ id, health }) => `${id} is ${health}`).join(', ');
}

function isGoodOrOpen(health: Health | undefined): boolean {
  return health === 'healthy' || health === 'degraded' || health === 'starting';
}
