import type { GoawayNotice } from '@watchkeeper/core';

/** What is known about when to connect again. Times in milliseconds. */
export interface ReconnectFacts {
  /** What the server last said with `retry:`, or our own beginning. */
  readonly retryMs: number;
  /** What the server said with `Retry-After` to the last attempt. */
  readonly retryAfterMs: number | undefined;
  /** What the goaway said that ended the last connection. */
  readonly reconnectAfterMs?: number | undefined;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** What doubling does not go beyond. */
  readonly maxMs: number;
}

/**
 * How long to wait: as long as a goaway said, exactly, since it tells each client another time. Else doubling with each
 * failure in a row, never less than the server asked for, and up to half as much again at random, so that clients which
 * lost the same server do not come back as one.
 *
 * @param draw a number from 0 up to 1.
 */
export function reconnectDelay(facts: ReconnectFacts, draw: number): number {
  const { retryMs, retryAfterMs = 0, reconnectAfterMs, failures, maxMs } = facts;
  if (reconnectAfterMs !== undefined) return reconnectAfterMs;
  const doubled = Math.min(retryMs * 2 ** Math.max(0, failures - 1), Math.max(maxMs, retryMs));
  return Math.round(Math.max(doubled, retryAfterMs) * (1 + draw / 2));
}

/** The wait that a goaway asks for, in milliseconds; what came over the wire may be anything. */
export function reconnectAfterMsOf({ reconnectAfterMs }: GoawayNotice): number | undefined {
  return Number.isFinite(reconnectAfterMs) && Number(reconnectAfterMs) >= 0 ? reconnectAfterMs : undefined;
}

/** The wait that a `Retry-After` header asks for, in milliseconds: it says seconds, or a date. */
export function retryAfterMsOf(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
