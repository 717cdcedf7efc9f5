/**
 * Returns `ms` plus a random part of up to `jitter` of itself, so that clients told the same do not come back as one.
 *
 * @param draw a number from 0 up to 1.
 */
export function spreadRetryMs(ms: number, jitter: number, draw: number): number {
  return Math.round(ms * (1 + jitter * draw));
}
