import { InvalidVerdictError } from '../errors.ts';
import { textOf } from '../foreignText.ts';
import { durationMs, flag, oneOf, type Rule, ratio } from '../rules.ts';
import { detailLine } from './detail.ts';

/** What one check found: `warn` counts as a pass for thresholds and shows as `degraded`. */
export type VerdictStatus = 'pass' | 'warn' | 'fail';

/**
 * The answer of one probe to one question. A target that is down is a verdict, not an exception.
 *
 * Plain and serialisable: it crosses processes unchanged.
 */
export type Verdict = {
  readonly status: VerdictStatus;
  /** How long the target took to answer, in milliseconds. */
  readonly latencyMs?: number;
  /** One line for a person: why it is not a clean pass. Must carry no secrets. */
  readonly detail?: string;
  /**
   * How much of its usual load a target that passes can take, from 0 to 1; all of it where left out. It changes no
   * health: it counts in composites that need a {@link Composition.need | weight}.
   */
  readonly weight?: number;
  /**
   * Whether its time alone made it what it is: too slow, too late, no answer in time. Void where this program itself
   * stood still meanwhile, by {@link MonitorOptions.stallToleranceMs}.
   */
  readonly byTime?: boolean;
  /** Figures the probe read, each named with its unit: `{ certificateDays: 12 }`. */
  readonly measured?: Readonly<Record<string, number>>;
};

/** What a probe may answer, in the words of an error. */
const verdictShape = "{ status: 'pass' | 'warn' | 'fail', latencyMs?, detail?, weight?, byTime?, measured? }";

/** The most figures one verdict may carry, and the longest name of one, in characters. */
export const mostFigures = 100;
export const longestFigureName = 100;

const string: Rule<string> = { is: 'a string', accepts: (value): value is string => typeof value === 'string' };
const finiteNumber: Rule<number> = {
  is: 'a finite number',
  accepts: (value): value is number => Number.isFinite(value),
};
const figuresRule: Rule<object> = {
  is: `an object of at most ${mostFigures} numbers, each with a name of at most ${longestFigureName} characters`,
  accepts: (value): value is object => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const names = Object.keys(value);
    return names.length <= mostFigures && names.every((name) => name.length <= longestFigureName);
  },
};
const status = oneOf<VerdictStatus>('pass', 'warn', 'fail');

/**
 * Returns the verdict in `value` as a plain object of our own, its detail as one line without credentials. Reading it
 * here keeps whatever else a probe may have answered, getters that throw included, out of the actors.
 *
 * @throws {@link InvalidVerdictError} where it is none.
 */
export function readVerdict(value: unknown): Verdict {
  if (typeof value !== 'object' || value === null) throw new InvalidVerdictError('verdict', verdictShape, value);
  try {
    return copyOf(value as { readonly [K in keyof Verdict]?: unknown });
  } catch (error) {
    if (error instanceof InvalidVerdictError) throw error;
    throw new InvalidVerdictError('verdict', `${verdictShape}, which reads without an error (${textOf(error)})`, value);
  }
}

/** Whether `value` is a {@link Verdict}; a probe that answers anything else is broken. */
export function isVerdict(value: unknown): value is Verdict {
  try {
    readVerdict(value);
    return true;
  } catch {
    return false;
  }
}

function copyOf(given: { readonly [K in keyof Verdict]?: unknown }): Verdict {
  const { latencyMs, detail, weight, byTime, measured } = given;
  return {
    status: read('status', status, given.status),
    ...(latencyMs === undefined ? {} : { latencyMs: read('latencyMs', durationMs, latencyMs) }),
    ...(detail === undefined ? {} : { detail: detailLine(read('detail', string, detail)) }),
    ...(weight === undefined ? {} : { weight: read('weight', ratio, weight) }),
    ...(byTime === undefined ? {} : { byTime: read('byTime', flag, byTime) }),
    ...(measured === undefined ? {} : { measured: figuresOf(measured) }),
  };
}

function figuresOf(measured: unknown): Record<string, number> {
  read('measured', figuresRule, measured);
  const figures: Record<string, number> = { ...(measured as Record<string, number>) };
  for (const [name, figure] of Object.entries(figures)) {
    // As an option that is undefined, a figure that is counts as left out.
    if (figure === undefined) delete figures[name];
    else read(`measured.${name}`, finiteNumber, figure);
  }
  return figures;
}

/** @throws {@link InvalidVerdictError} when the field breaks its rule. */
function read<TValue>(field: string, rule: Rule<TValue>, value: unknown): TValue {
  if (rule.accepts(value)) return value;
  throw new InvalidVerdictError(`verdict.${field}`, rule.is, value);
}
