/** Limits of a client's wait before it connects again, in milliseconds. */
export interface RetryLimits {
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  readonly restartMinMs: number;
  readonly restartMaxMs: number;
}

/** Codes after which coming back is not welcome or would end the same way. */
const finalCodes: ReadonlySet<number> = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010]);

/** @returns whether a close by the server with this code ends a client for good. */
export function isFinalCode(code: number): boolean {
  return finalCodes.has(code);
}

/**
 * Returns how long to wait after a close, drawn at random so that the clients of one server do not come back as one.
 *
 * After 1012 (service restart) and 1013 (try again later) the wait is somewhere in the window for restarts;
 * after all else it doubles with each failure in a row, and half of it is chance.
 *
 * @param draw a number from 0 up to 1.
 */
export function retryDelayMs(code: number, failures: number, limits: RetryLimits, draw: number): number {
  const { retryMinMs, retryMaxMs } = limits;
  if (code === 1012 || code === 1013) return restartDelayMs(limits, draw);
  const ceilingMs = Math.min(retryMaxMs, retryMinMs * 2 ** Math.max(0, failures - 1));
  return ceilingMs * (0.5 + draw / 2);
}

/**
 * Returns the wait that a goaway names, in milliseconds; `undefined` where it names none.
 *
 * A wait longer than the longest for restarts is drawn anew from their window: cut to it, all clients would come back as
 * one.
 *
 * @param told the `reconnectAfterMs` received, which may be anything.
 */
export function returnDelayMs(told: unknown, limits: RetryLimits, draw: number): number | undefined {
  if (typeof told !== 'number' || !(told >= 0)) return undefined;
  return told <= limits.restartMaxMs ? told : restartDelayMs(limits, draw);
}

function restartDelayMs({ restartMinMs, restartMaxMs }: RetryLimits, draw: number): number {
  return restartMinMs + draw * (restartMaxMs - restartMinMs);
}
