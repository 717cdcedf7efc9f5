import type { Verdict } from '@watchkeeper/core';

/** Whether `answer` contains the text, or matches the pattern; a global pattern keeps no memory. */
export function meets(answer: string | Buffer, expected: string | RegExp): boolean {
  if (typeof expected === 'string') return answer.includes(expected);
  return answer.toString('utf8').search(expected) >= 0;
}

/** Turns a pass that took longer than `limitMs` into a warning. */
export function warnIfSlow(verdict: Verdict, tookMs: number, limitMs: number | undefined): Verdict {
  if (verdict.status !== 'pass' || limitMs === undefined || tookMs <= limitMs) return verdict;
  return { ...verdict, status: 'warn', detail: `slow: took ${Math.round(tookMs)} ms, expected ${limitMs} ms` };
}
