import { STATUS_CODES } from 'node:http';
import type { Verdict } from '@watchkeeper/core';
import { oneOf, optional, positiveMs, positiveNumber, type Rule, text } from '@watchkeeper/core/options';
import { warnIfSlow } from '../check/expectations.ts';
import type { Resolved } from '../options/resolveProbeOptions.ts';
import { either, listOf, pattern, recordOf } from '../options/rules.ts';
import { decompressed, isEncoded, type ReadableBody, textOfBody } from './httpBody.ts';
import type { HttpResponse } from './httpMessage.ts';
import {
  type JsonExpectation,
  type JsonRule,
  meetsExpectation,
  readJsonPath,
  readJsonRules,
  sayExpectation,
  sayValue,
} from './jsonPath.ts';

/** Rules of a good response. Every rule that is given must hold. */
export interface HttpExpectations {
  /**
   * Which statuses pass: `kubernetes` 200–399, `godoxy` all but 500–599.
   * @default 'kubernetes'
   */
  readonly preset?: 'godoxy' | 'kubernetes';
  /** Which statuses pass, instead of the preset's: single ones and inclusive ranges, `[200, [300, 399]]`. */
  readonly acceptStatuses?: readonly (number | readonly [from: number, to: number])[];
  /** Headers that must be there, with that value or a value that matches. */
  readonly acceptHeaders?: Readonly<Record<string, string | RegExp>>;
  readonly bodyContains?: string;
  /** Is matched against the body of a stranger: avoid patterns that take exponential time. */
  readonly bodyMatches?: RegExp;
  /**
   * Values inside a JSON body, by path: `{ 'checks[0].state': 'ok', '["a.b"].length': { max: 100 } }`. Names that hold
   * dots or brackets stand in quotes, `[-1]` is the last element, and `$` the whole document.
   */
  readonly bodyJson?: Readonly<Record<string, JsonExpectation>>;
  /** The body must come at least this fast, in bytes a second, from the head of the response on; a slower one fails. */
  readonly minBytesPerSecond?: number;
  /** An otherwise good response that took longer than this many milliseconds warns. */
  readonly slowAfterMs?: number;
}

type Settings = Resolved<HttpExpectations, 'preset'> & { readonly maxBodyBytes: number };

/** Rules whose JSON paths were read. */
export interface HttpRules extends Omit<Settings, 'bodyJson'> {
  readonly bodyJson: readonly JsonRule[] | undefined;
}

/** @throws `InvalidOptionError` naming a JSON path that cannot be read. */
export function httpRulesOf(owner: string, settings: Settings): HttpRules {
  return { ...settings, bodyJson: readJsonRules(`${owner}.bodyJson`, settings.bodyJson) };
}

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
  accepts: (value): value is JsonExpectation => {
    if (typeof value !== 'object' || value === null || value instanceof RegExp) {
      return ['string', 'number', 'boolean', 'object'].includes(typeof value);
    }
    const bounds = Object.entries(value);
    return (
      bounds.length > 0 &&
      bounds.every(
        ([name, bound]) => ['min', 'max'].includes(name) && typeof bound === 'number' && !Number.isNaN(bound),
      )
    );
  },
};

export const httpExpectationRules = {
  preset: oneOf('godoxy', 'kubernetes'),
  acceptStatuses: optional(listOf(either(status, statusRange))),
  acceptHeaders: optional(recordOf(either(text, pattern))),
  bodyContains: optional(text),
  bodyMatches: optional(pattern),
  bodyJson: optional(recordOf(jsonExpectation)),
  minBytesPerSecond: optional(positiveNumber),
  slowAfterMs: optional(positiveMs),
};

/** Whether the response's body must be read to judge it. */
export function judgesBody(rules: HttpRules): boolean {
  return judgesText(rules) || rules.minBytesPerSecond !== undefined;
}

function judgesText({ bodyContains, bodyMatches, bodyJson }: HttpRules): boolean {
  return bodyContains !== undefined || bodyMatches !== undefined || bodyJson !== undefined;
}

/**
 * Judges a response by the rules.
 *
 * @param figures further numbers for `measured`.
 * @returns a promise only where the body has to be decompressed first.
 */
export function judgeHttp(
  response: HttpResponse,
  rules: HttpRules,
  latencyMs: number,
  figures?: Readonly<Record<string, number>>,
): Verdict | Promise<Verdict> {
  const measured = measuredOf(response, rules, figures);
  const headFault =
    statusFault(response, rules) ?? headerFault(response, rules) ?? rateFault(measured['bytesPerSecond'], rules);
  if (headFault !== undefined || !judgesText(rules)) return verdictOf(headFault, measured, latencyMs, rules);
  if (!isEncoded(response)) {
    return verdictOf(textFault(response, { bytes: response.body }, rules), measured, latencyMs, rules);
  }
  return decompressed(response, rules.maxBodyBytes).then((readable) =>
    verdictOf(textFault(response, readable, rules), measured, latencyMs, rules),
  );
}

function measuredOf(
  { status, body, bodyMs }: HttpResponse,
  { minBytesPerSecond }: HttpRules,
  figures: Readonly<Record<string, number>> | undefined,
): Readonly<Record<string, number>> {
  const measured: Record<string, number> = { statusCode: status, bodyBytes: body.length };
  if (minBytesPerSecond !== undefined) {
    measured['bytesPerSecond'] = Math.round((body.length / Math.max(bodyMs, 0.001)) * 1_000);
  }
  return figures === undefined ? measured : { ...measured, ...figures };
}

function verdictOf(
  fault: string | undefined,
  measured: Readonly<Record<string, number>>,
  latencyMs: number,
  rules: HttpRules,
): Verdict {
  if (fault !== undefined) return { status: 'fail', detail: fault, measured };
  return warnIfSlow({ status: 'pass', measured }, latencyMs, rules.slowAfterMs);
}

function rateFault(bytesPerSecond: number | undefined, { minBytesPerSecond }: HttpRules): string | undefined {
  if (minBytesPerSecond === undefined || bytesPerSecond === undefined) return undefined;
  if (bytesPerSecond >= minBytesPerSecond) return undefined;
  return `body came at ${bytesPerSecond} bytes/s, expected ${minBytesPerSecond}`;
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

function textFault(response: HttpResponse, readable: ReadableBody, rules: HttpRules): string | undefined {
  if (response.oversize) return `body is larger than ${rules.maxBodyBytes} bytes`;
  const read = 'bytes' in readable ? textOfBody(response.headers, readable.bytes) : readable;
  if ('unreadable' in read) return read.unreadable;
  const body = read.text;
  if (rules.bodyContains !== undefined && !body.includes(rules.bodyContains)) {
    return `body does not contain ${JSON.stringify(rules.bodyContains)}`;
  }
  if (rules.bodyMatches && body.search(rules.bodyMatches) < 0) return `body does not match ${rules.bodyMatches}`;
  return rules.bodyJson && jsonFault(body, rules.bodyJson);
}

function jsonFault(body: string, rules: readonly JsonRule[]): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return 'body is not JSON';
  }
  for (const { path, steps, expected } of rules) {
    const value = readJsonPath(document, steps);
    if (!meetsExpectation(value, expected)) {
      return `expected ${path} ${sayExpectation(expected)}, got ${sayValue(value)}`;
    }
  }
  return undefined;
}
