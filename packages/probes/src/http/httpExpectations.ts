import { STATUS_CODES } from 'node:http';
import type { Verdict } from '@watchkeeper/core';
import { oneOf, optional, positiveMs, type Rule, text } from '@watchkeeper/core/options';
import { warnIfSlow } from '../check/expectations.ts';
import type { Resolved } from '../options/resolveProbeOptions.ts';
import { either, listOf, pattern, recordOf } from '../options/rules.ts';
import type { HttpResponse } from './httpMessage.ts';
import { type JsonExpectation, meetsExpectation, readJsonPath, sayExpectation } from './jsonPath.ts';

/** Rules of a good response. Every rule that is given must hold. */
export interface HttpExpectations {
  /**
   * Which statuses pass: `godoxy` all but 500–599, `kubernetes` 200–399. Redirects are not followed.
   * @default 'godoxy'
   */
  readonly preset?: 'godoxy' | 'kubernetes';
  /** Which statuses pass, instead of the preset's: single ones and inclusive ranges, `[200, [300, 399]]`. */
  readonly acceptStatuses?: readonly (number | readonly [from: number, to: number])[];
  /** Headers that must be there, with that value or a value that matches. */
  readonly acceptHeaders?: Readonly<Record<string, string | RegExp>>;
  readonly bodyContains?: string;
  /** Is matched against the body of a stranger: avoid patterns that take exponential time. */
  readonly bodyMatches?: RegExp;
  /** Values inside a JSON body, by path: `{ 'checks[0].state': 'ok', 'queue.length': { max: 100 } }`. */
  readonly bodyJson?: Readonly<Record<string, JsonExpectation>>;
  /** An otherwise good response that took longer than this many milliseconds warns. */
  readonly slowAfterMs?: number;
}

export type HttpRules = Resolved<HttpExpectations, 'preset'>;

const statusRange: Rule<readonly [number, number]> = {
  is: 'a range [from, to] of statuses',
  accepts: (value): value is readonly [number, number] =>
    Array.isArray(value) && value.length === 2 && value.every(status.accepts) && Number(value[0]) <= Number(value[1]),
};
const status: Rule<number> = {
  is: 'a status from 100 to 599',
  accepts: (value): value is number => Number.isInteger(value) && (value as number) >= 100 && (value as number) < 600,
};
const jsonExpectation: Rule<JsonExpectation> = {
  is: 'a string, number, boolean, null, regular expression or { min, max }',
  accepts: (value): value is JsonExpectation => value !== undefined && typeof value !== 'function',
};

export const httpExpectationRules = {
  preset: oneOf('godoxy', 'kubernetes'),
  acceptStatuses: optional(listOf(either(status, statusRange))),
  acceptHeaders: optional(recordOf(either(text, pattern))),
  bodyContains: optional(text),
  bodyMatches: optional(pattern),
  bodyJson: optional(recordOf(jsonExpectation)),
  slowAfterMs: optional(positiveMs),
};

/** Whether the response's body must be read to judge it. */
export function judgesBody(rules: HttpRules): boolean {
  return rules.bodyContains !== undefined || rules.bodyMatches !== undefined || rules.bodyJson !== undefined;
}

/**
 * Judges a response by the rules.
 *
 * @param figures further numbers for `measured`.
 */
export function judgeHttp(
  response: HttpResponse,
  rules: HttpRules,
  latencyMs: number,
  figures: Readonly<Record<string, number>> = {},
): Verdict {
  const measured = { statusCode: response.status, bodyBytes: response.body.length, ...figures };
  const fault = statusFault(response, rules) ?? headerFault(response, rules) ?? bodyFault(response, rules);
  if (fault !== undefined) return { status: 'fail', detail: fault, measured };
  return warnIfSlow({ status: 'pass', measured }, latencyMs, rules.slowAfterMs);
}

function statusFault({ status }: HttpResponse, rules: HttpRules): string | undefined {
  const accepted = rules.acceptStatuses
    ? rules.acceptStatuses.some((one) =>
        typeof one === 'number' ? one === status : one[0] <= status && status <= one[1],
      )
    : rules.preset === 'kubernetes'
      ? status >= 200 && status < 400
      : status < 500 || status > 599;
  return accepted ? undefined : `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}

function headerFault({ headers }: HttpResponse, rules: HttpRules): string | undefined {
  if (!rules.acceptHeaders) return undefined;
  for (const [name, expected] of Object.entries(rules.acceptHeaders)) {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return `header ${name} is missing`;
    const met = [value]
      .flat()
      .some((one) => (typeof expected === 'string' ? one === expected : one.search(expected) >= 0));
    if (!met) return `header ${name} is not as expected`;
  }
  return undefined;
}

function bodyFault(response: HttpResponse, rules: HttpRules): string | undefined {
  if (!judgesBody(rules)) return undefined;
  if (response.oversize) return `body is larger than ${response.body.length} bytes`;
  const body = response.body.toString('utf8');
  if (rules.bodyContains !== undefined && !body.includes(rules.bodyContains)) {
    return `body does not contain ${JSON.stringify(rules.bodyContains)}`;
  }
  if (rules.bodyMatches && body.search(rules.bodyMatches) < 0) return `body does not match ${rules.bodyMatches}`;
  return rules.bodyJson && jsonFault(body, rules.bodyJson);
}

function jsonFault(body: string, expectations: Readonly<Record<string, JsonExpectation>>): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return 'body is not JSON';
  }
  for (const [path, expected] of Object.entries(expectations)) {
    const value = readJsonPath(document, path);
    if (!meetsExpectation(value, expected)) {
      return `expected ${path} ${sayExpectation(expected)}, got ${JSON.stringify(value) ?? 'nothing'}`;
    }
  }
  return undefined;
}
