import type { GoawayNotice } from '@watchkeeper/core';

/** Input of {@link reconnectDelay}. Times in milliseconds. */
export interface ReconnectInput {
  /** The server's latest `retry:`, or the option before there is one. */
  readonly retryMs: number;
  /** `Retry-After` of the response to the last attempt. */
  readonly retryAfterMs: number | undefined;
  /** `reconnectAfterMs` of the goaway that ended the last connection. */
  readonly reconnectAfterMs?: number | undefined;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** Ceiling of the doubling, and of what the server may ask for. */
  readonly maxMs: number;
}

/**
 * Returns how long to wait: exactly as long as a goaway said, since it tells each client another time. Else doubling with
 * each failure in a row, never less than the server asked for, up to a ceiling; and up to half as much again at random, so
 * that clients which lost the same server do not come back as one.
 *
 * @param draw a number from 0 up to 1.
 */
export function reconnectDelay(known: ReconnectInput, draw: number): number {
  const { retryMs, retryAfterMs = 0, reconnectAfterMs, failures, maxMs } = known;
  if (reconnectAfterMs !== undefined) return reconnectAfterMs;
  // A `retry:` of 0 would double to 0, and never come to rest.
  const doubled = failures < 2 ? retryMs : Math.max(retryMs, 1) * 2 ** (failures - 1);
  return Math.round(Math.min(Math.max(doubled, retryAfterMs), maxMs) * (1 + draw / 2));
}

/** The longest time that a timer of the host holds, in milliseconds; a longer one would fire at once. */
const longestTimerMs = 2_147_483_647;

/** @returns the wait that a goaway asks for, in milliseconds; `undefined` for none or for what no timer can wait. */
export function reconnectAfterMsOf({ reconnectAfterMs }: GoawayNotice): number | undefined {
  const ms = Number.isFinite(reconnectAfterMs) ? Number(reconnectAfterMs) : -1;
  return ms >= 0 && ms <= longestTimerMs ? ms : undefined;
}

/** @returns the wait that a `Retry-After` header asks for, in milliseconds. The header holds seconds or a date. */
export function retryAfterMsOf(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
