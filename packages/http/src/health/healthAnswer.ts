import type { Supervisor } from '@watchkeeper/core';
import { retryAfterHeader } from '@watchkeeper/core/adapters';
import type { HttpAnswer } from '../listener.ts';
import { checksOf, type HealthJson } from './healthJson.ts';
import {
  type HealthOptions,
  type HealthQuestion,
  type ResolvedHealthOptions,
  resolveHealthOptions,
} from './healthOptions.ts';

/** The part of a supervisor that health is read from. */
export type HealthSource = Pick<Supervisor, 'phase' | 'health' | 'planes' | 'statuses'>;

/**
 * Makes a function that returns the responses about health, for a host without Node's listeners.
 *
 * Answering costs the same however many monitors there are, except for `details`, and asks no target.
 *
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 * @example
 * ```ts
 * import { createSupervisor } from '@watchkeeper/core';
 * import { healthAnswers } from '@watchkeeper/http';
 *
 * const answer = healthAnswers(createSupervisor());
 * const { status, headers, body } = answer('ready');
 * const response = new Response(body, { status, headers });
 * ```
 */
export function healthAnswers(
  keeper: HealthSource,
  options?: Omit<HealthOptions, 'paths' | 'details'>,
): (question: HealthQuestion, details?: boolean) => HttpAnswer {
  const resolved = resolveHealthOptions(options);
  return (question, details = false) => healthAnswer(keeper, resolved, question, details);
}

/** @returns the response to one question, from the supervisor's present state. */
export function healthAnswer(
  keeper: HealthSource,
  { retryAfterMs, service }: ResolvedHealthOptions,
  question: HealthQuestion,
  details: boolean,
): HttpAnswer {
  const { live, ready, started } = keeper.planes;
  const good = { live, ready, started, health: ready }[question];
  const json: HealthJson = {
    status: good ? (question !== 'live' && keeper.health === 'degraded' ? 'warn' : 'pass') : 'fail',
    ...(question === 'health' ? service : {}),
    ...(good ? {} : { output: whyNot(keeper, question) }),
    ...(details ? { checks: checksOf(keeper.statuses()) } : {}),
  };
  return {
    status: good ? 200 : 503,
    headers: {
      'Content-Type': 'application/health+json; charset=utf-8',
      'Cache-Control': 'no-store',
      ...(good ? {} : { 'Retry-After': retryAfterHeader(retryAfterMs) }),
    },
    body: JSON.stringify(json),
  };
}

/** @returns one word on why an answer is no; it reveals nothing about targets. */
function whyNot({ phase, planes, health }: HealthSource, question: HealthQuestion): string {
  if (question === 'live' && phase !== 'stopped') return 'unhealthy';
  if (phase !== 'running') return phase;
  return planes.started ? health : 'starting';
}
