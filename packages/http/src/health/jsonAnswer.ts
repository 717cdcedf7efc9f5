import { retryAfterHeader } from '@watchkeeper/core/adapters';
import type { HttpAnswer } from '../listener.ts';
import type { HealthJson } from './healthJson.ts';

/** @returns a response in `application/health+json`; one that calls for another try says when. */
export function jsonAnswer(status: number, json: HealthJson, retryAfterMs: number): HttpAnswer {
  return {
    status,
    headers: {
      'Content-Type': 'application/health+json; charset=utf-8',
      'Cache-Control': 'no-store',
      ...(status >= 500 || status === 429 ? { 'Retry-After': retryAfterHeader(retryAfterMs) } : {}),
    },
    body: JSON.stringify(json),
  };
}
