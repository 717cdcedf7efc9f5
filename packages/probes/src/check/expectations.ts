import type { Verdict } from '@watchkeeper/core';

/** Whether `received` contains the text, or matches the pattern; the `lastIndex` of a global pattern plays no part. */
export function meets(received: string | Buffer, expected: string | RegExp): boolean {
  if (typeof expected === 'string') return received.includes(expected);
  return received.toString('utf8').search(expected) >= 0;
}

/** Turns a pass that took longer than `limitMs` into a warning. */
export function warnIfSlow(verdict: Verdict, tookMs: number, limitMs: number | undefined): Verdict {
  if (verdict.status !== 'pass' || limitMs === undefined || tookMs <= limitMs) return verdict;
  return {
    ...verdict,
    status: 'warn',
    byTime: true,
    detail: `slow: took ${Math.round(tookMs)} ms, expected ${limitMs} ms`,
  };
}
