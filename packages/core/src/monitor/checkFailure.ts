import { detailLine } from '../model/detail.ts';
import { isVerdict, readVerdict, type Verdict } from '../model/verdict.ts';

/** One check that failed or broke. Plain and serialisable. */
export type CheckFailure = {
  /** When the check ended, in epoch milliseconds. */
  readonly at: number;
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
  /** What it found; absent where the check itself broke. */
  readonly verdict?: Verdict;
  /** One line on why. */
  readonly detail?: string;
};

export const noFailures: readonly CheckFailure[] = Object.freeze([]);

/** Returns the last `most` of these failures; none where it is 0. */
export function lastOf(failures: readonly CheckFailure[], most: number): readonly CheckFailure[] {
  if (failures.length <= most) return failures;
  return most === 0 ? noFailures : failures.slice(-most);
}

/** Whether `value` is a {@link CheckFailure}, after it was stored and read again. */
export function isCheckFailure(value: unknown): value is CheckFailure {
  if (typeof value !== 'object' || value === null) return false;
  const { at, tookMs, verdict, detail } = value as { readonly [K in keyof CheckFailure]?: unknown };
  return (
    Number.isFinite(at) &&
    Number.isFinite(tookMs) &&
    (verdict === undefined || isVerdict(verdict)) &&
    (detail === undefined || typeof detail === 'string')
  );
}

/** Returns a failure that was stored as one of our own: what it says is foreign text. */
export function readFailure({ at, tookMs, verdict, detail }: CheckFailure): CheckFailure {
  return {
    at,
    tookMs,
    ...(verdict === undefined ? {} : { verdict: readVerdict(verdict) }),
    ...(detail === undefined ? {} : { detail: detailLine(detail) }),
  };
}
