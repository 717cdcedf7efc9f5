import { callable, type Rule } from '../rules.ts';

/** What an option that is a source of randomness must be: a function that returns a number from 0 up to 1. */
export const randomRule: Rule<() => number> = callable<() => number>();

/** Returns a number from `random`, or 0.5 when that throws or returns none from 0 to 1: no supervisor fails for that. */
export function drawSafely(random: () => number): number {
  try {
    const drawn = random();
    return drawn >= 0 && drawn <= 1 ? drawn : 0.5;
  } catch {
    return 0.5;
  }
}

/**
 * `intervalMs` with jitter: longer or shorter by up to `jitter` of itself.
 *
 * @param draw a random number from 0 up to 1.
 */
export function jittered(intervalMs: number, jitter: number, draw: number): number {
  return intervalMs * (1 + jitter * (2 * draw - 1));
}
