/** Input of the age-and-idle rule; times in epoch milliseconds. */
export interface Activity {
  readonly connectedAt: number;
  readonly activeAt: number;
  readonly maxAgeMs: number;
  readonly maxIdleMs: number;
}

/**
 * Why a target is stale, or `undefined` when it is not (INV-41).
 *
 * Too old counts only for a target that is idle as well, so that a busy connection is never cut for its age;
 * a limit of 0 switches its rule off.
 */
export function staleReason({ connectedAt, activeAt, maxAgeMs, maxIdleMs }: Activity, now: number): string | undefined {
  const ageMs = now - connectedAt;
  const idleMs = now - activeAt;
  const idle = idleMs > maxIdleMs;
  if (maxAgeMs > 0 && ageMs > maxAgeMs && idle) {
    return `connected for ${ageMs} ms, more than ${maxAgeMs}, and idle for ${idleMs} ms`;
  }
  return maxIdleMs > 0 && idle ? `idle for ${idleMs} ms, more than ${maxIdleMs}` : undefined;
}
