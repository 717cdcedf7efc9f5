import { InvalidOptionError, type Supervisor } from '@watchkeeper/core';
import { objectWith, requireOption } from '@watchkeeper/core/options';
import type { HttpAnswer } from '../listener.ts';
import { groupAnswer } from './groupAnswer.ts';
import { checksOf, type HealthJson } from './healthJson.ts';
import {
  type HealthOptions,
  type HealthQuestion,
  type ResolvedHealthOptions,
  resolveHealthOptions,
} from './healthOptions.ts';
import { jsonAnswer } from './jsonAnswer.ts';
import { phaseWords } from './phaseWords.ts';

/** The part of a supervisor that health is read from. */
export type HealthSource = Pick<Supervisor, 'phase' | 'health' | 'planes' | 'statuses' | 'groupOf' | 'monitorOf'> &
  Partial<Pick<Supervisor, 'noteRefusal' | 'startIgnored'>>;

/** What a source of health must be. */
export const healthSourceRule = objectWith<HealthSource>('statuses');

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
): (question: HealthQuestion | { readonly group: string }, details?: boolean) => HttpAnswer {
  requireOption('healthAnswers.keeper', healthSourceRule, keeper);
  const resolved = resolveHealthOptions(options);
  const groups = new Map(resolved.groups.map((group) => [group.name, group]));
  return (question, details = false) => {
    if (typeof question === 'string') return healthAnswer(keeper, resolved, question, details);
    const group = groups.get(question.group);
    const { retryAfterMs } = resolved;
    if (group !== undefined) return groupAnswer(keeper, group, { retryAfterMs, details });
    throw new InvalidOptionError('question.group', `one of ${[...groups.keys()].join(', ')}`, question.group);
  };
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
  return jsonAnswer(good ? 200 : 503, json, retryAfterMs);
}

/** @returns in a few words why an answer is no; it reveals nothing about targets. */
function whyNot(keeper: HealthSource, question: HealthQuestion): string {
  const { phase, planes, health } = keeper;
  if (question === 'live' && phase !== 'stopped') return 'unhealthy';
  if (phase !== 'running') return phaseWords(keeper);
  return planes.started ? health : 'starting';
}
