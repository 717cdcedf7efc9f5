// The connection back-off of gRPC, which gRFC A17 prescribes for Watch as well.
const firstMs = 1_000;
const factor = 1.6;
/** The longest back-off before its jitter, in milliseconds. */
export const longestBackoffMs = 120_000;
const jitter = 0.2;

/**
 * How long to wait before the next attempt, in milliseconds.
 *
 * @param failures attempts that failed since the last message, from 1.
 * @param draw a number from 0 up to 1, by which clients that failed together come back apart.
 */
export function watchBackoffMs(failures: number, draw: number): number {
  const delayMs = Math.min(firstMs * factor ** (failures - 1), longestBackoffMs);
  return delayMs * (1 + jitter * (2 * draw - 1));
}
