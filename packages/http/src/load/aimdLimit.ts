/** Load of the event loop over one window of time. */
export interface LoadSample {
  /** By how much turns of the loop were late, on average, in milliseconds. */
  readonly delayMs: number;
  /** Share of the time in which the loop was busy, from 0 to 1. */
  readonly utilisation: number;
}

/** How a limit follows the load. */
export interface AimdPolicy {
  readonly minLimit: number;
  readonly maxLimit: number;
  readonly increase: number;
  readonly decrease: number;
  readonly maxDelayMs: number;
  readonly maxUtilisation: number;
}

/**
 * Additive increase, multiplicative decrease, as TCP has it: returns the limit that follows `limit`.
 *
 * A delay over `maxDelayMs` lowers it below what was really in flight, so that it takes hold at once however high it had
 * grown. A loop that is all busy, and not late, keeps it. Otherwise it grows, used or not.
 *
 * @param peak the most requests in flight in that window.
 * @param windows how many windows the sample covers, at least 1.
 */
export function nextLimit(
  limit: number,
  { delayMs, utilisation }: LoadSample,
  { peak, windows }: { readonly peak: number; readonly windows: number },
  { minLimit, maxLimit, increase, decrease, maxDelayMs, maxUtilisation }: AimdPolicy,
): number {
  if (delayMs > maxDelayMs) return Math.max(minLimit, Math.floor(Math.min(limit, peak) * decrease));
  if (utilisation > maxUtilisation) return limit;
  return Math.min(maxLimit, limit + increase * windows);
}
