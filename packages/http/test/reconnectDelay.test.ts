import { describe, expect, it } from 'vitest';
import { reconnectDelay, retryAfterMsOf } from '../src/sseClient/reconnectDelay.ts';

describe('reconnectDelay', () => {
  it.each([
    [{ retryMs: 100, retryAfterMs: undefined, failures: 0, maxMs: 1_000 }, 0, 100],
    [{ retryMs: 100, retryAfterMs: undefined, failures: 3, maxMs: 1_000 }, 0, 400],
    [{ retryMs: 100, retryAfterMs: undefined, failures: 30, maxMs: 1_000 }, 0, 1_000],
    [{ retryMs: 100, retryAfterMs: 5_000, failures: 1, maxMs: 9_000 }, 0, 5_000],
    [{ retryMs: 100, retryAfterMs: 5_000, failures: 1, maxMs: 1_000 }, 0, 1_000],
    [{ retryMs: 0, retryAfterMs: undefined, failures: 5, maxMs: 1_000 }, 0, 16],
    [{ retryMs: Number.POSITIVE_INFINITY, retryAfterMs: undefined, failures: 0, maxMs: 1_000 }, 0, 1_000],
    [{ retryMs: 9_000, retryAfterMs: undefined, failures: 1, maxMs: 1_000 }, 0, 1_000],
    [{ retryMs: 100, retryAfterMs: undefined, failures: 0, maxMs: 1_000 }, 0.5, 125],
  ])('of %o at a draw of %d is %d', (events, draw, ms) => {
    expect(reconnectDelay(events, draw)).toBe(ms);
  });

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads Retry-After %o', (header, ms) => {
    expect(retryAfterMsOf(header, 1_000)).toBe(ms);
  });
});
