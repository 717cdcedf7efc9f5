import { ratio } from '../rules.ts';

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
  /** Figures the probe read, each named with its unit: `{ certificateDays: 12 }`. */
  readonly measured?: Readonly<Record<string, number>>;
};

const statuses: ReadonlySet<unknown> = new Set<VerdictStatus>(['pass', 'warn', 'fail']);

/**
 * The verdict in `value` as a plain object of our own, or `undefined` when it is none. Reading it here keeps
 * whatever else a probe may have answered, getters that throw included, out of the actors.
 */
export function readVerdict(value: unknown): Verdict | undefined {
  if (!isVerdict(value)) return undefined;
  const { status, latencyMs, detail, weight, measured } = value;
  return {
    status,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(detail === undefined ? {} : { detail: String(detail) }),
    ...(weight === undefined ? {} : { weight }),
    ...(measured === undefined ? {} : { measured: { ...measured } }),
  };
}

/** Whether `value` has the shape of a {@link Verdict}; a probe that answers anything else is broken. */
export function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null) return false;
  const { status, weight } = value as { status?: unknown; weight?: unknown };
  return statuses.has(status) && (weight === undefined || ratio.accepts(weight));
}
