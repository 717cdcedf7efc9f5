/**
 * `intervalMs`, moved at random by up to `jitter` of itself either way.
 *
 * @param draw a number from 0 up to 1.
 */
export function jittered(intervalMs: number, jitter: number, draw: number): number {
  return intervalMs * (1 + jitter * (2 * draw - 1));
}
