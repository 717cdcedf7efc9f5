import type { VerdictStatus } from '../model/verdict.ts';

/** What one check came to: a verdict's status, or `error` when the check itself broke. */
export type Outcome = VerdictStatus | 'error';

/** How many checks in a row went one way. */
export interface Streaks {
  readonly passes: number;
  /** Failed or broken checks in a row. */
  readonly failures: number;
  /** Broken checks in a row; any verdict, a failed one too, ends it. */
  readonly errors: number;
}

export const noStreaks: Streaks = { passes: 0, failures: 0, errors: 0 };

/** The streaks after one more check. */
export function streaksAfterCheck({ passes, failures, errors }: Streaks, outcome: Outcome): Streaks {
  if (outcome === 'pass' || outcome === 'warn') return { passes: passes + 1, failures: 0, errors: 0 };
  return { passes: 0, failures: failures + 1, errors: outcome === 'error' ? errors + 1 : 0 };
}
