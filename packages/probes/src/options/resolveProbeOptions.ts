import { InvalidOptionError } from '@watchkeeper/core';
import { type Rule, type Rules, resolveOptions } from '@watchkeeper/core/options';
import { decodeSafely, redaction } from '../check/redaction.ts';

/** Options after their defaults were laid under: those named are always there, the rest may be undefined. */
export type Settled<TOptions, TSure extends keyof TOptions> = {
  [K in keyof TOptions]-?: K extends TSure ? Exclude<TOptions[K], undefined> : TOptions[K] | undefined;
};

/** Stands in an error for a value that may hold credentials. */
export const hidden = '(hidden)';

const secretOption = /\.(argv|body|env|headers|script|send|url|\w*(auth|cert|cookie|key|pass|secret|token)\w*)$/i;

/** As core's `resolveOptions`, for options some of which have no default: their rule refuses `undefined`. */
export function settle<TOptions extends object>(
  owner: string,
  rules: Rules<TOptions>,
  defaults: Partial<TOptions>,
  given: object | undefined,
): TOptions {
  try {
    return resolveOptions(owner, rules, defaults as TOptions, given ?? {});
  } catch (error) {
    if (!(error instanceof InvalidOptionError) || !secretOption.test(error.option)) throw error;
    throw new InvalidOptionError(error.option, error.rule, hidden);
  }
}

export const port: Rule<number> = {
  is: 'a port from 1 to 65535',
  accepts: (value): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536,
};

export const ipFamily: Rule<4 | 6> = {
  is: '4 or 6',
  accepts: (value): value is 4 | 6 => value === 4 || value === 6,
};

/** Any value at all; the value is checked where it is parsed. */
export const anything: Rule<unknown> = { is: 'anything', accepts: (_value): _value is unknown => true };

export const pattern: Rule<RegExp> = {
  is: 'a regular expression',
  accepts: (value): value is RegExp => value instanceof RegExp,
};

export const bytes: Rule<string | Uint8Array> = {
  is: 'a string or bytes',
  accepts: (value): value is string | Uint8Array => typeof value === 'string' || value instanceof Uint8Array,
};

/** A plain object whose values all obey `rule`. */
export function recordOf<TValue>(rule: Rule<TValue>): Rule<Readonly<Record<string, TValue>>> {
  return {
    is: `an object whose values are each ${rule.is}`,
    accepts: (value): value is Readonly<Record<string, TValue>> =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(rule.accepts),
  };
}

export function listOf<TValue>(rule: Rule<TValue>): Rule<readonly TValue[]> {
  return {
    is: `a non-empty list, each ${rule.is}`,
    accepts: (value): value is readonly TValue[] =>
      Array.isArray(value) && value.length > 0 && value.every(rule.accepts),
  };
}

export function either<TFirst, TSecond>(first: Rule<TFirst>, second: Rule<TSecond>): Rule<TFirst | TSecond> {
  return {
    is: `${first.is}, or ${second.is}`,
    accepts: (value): value is TFirst | TSecond => first.accepts(value) || second.accepts(value),
  };
}

export const string: Rule<string> = {
  is: 'a string',
  accepts: (value): value is string => typeof value === 'string',
};

/**
 * Reads a URL option, saying what exactly is wrong with a bad one.
 *
 * @param schemes with their colons, as `URL.protocol` has them.
 */
export function parseUrl(option: string, value: unknown, schemes: readonly string[], hostless = false): URL {
  const received = typeof value === 'string' || value instanceof URL ? redaction()(String(value)) : value;
  const refuse = (rule: string, cause?: unknown): never => {
    throw new InvalidOptionError(option, rule, received, cause);
  };
  if (value === undefined || value === null || value === '') return refuse('a URL (no url specified)');
  if (typeof value !== 'string' && !(value instanceof URL)) return refuse('a URL or its text');
  if (!URL.canParse(String(value))) {
    return refuse(
      /^[a-z][a-z0-9+.-]*:\/\/(?:[/:?#]|$)/i.test(String(value))
        ? 'a URL with a host (no host specified)'
        : 'an absolute URL that can be parsed',
    );
  }
  const url = new URL(String(value));
  if (!schemes.includes(url.protocol)) return refuse(`a URL with the scheme ${schemes.join(' or ')}`);
  if (!hostless && url.hostname === '') return refuse('a URL with a host (no host specified)');
  if (url.port === '0') return refuse('a URL with a port from 1 to 65535 (no port specified)');
  return url;
}

/**
 * The path on this machine that a URL names.
 *
 * @throws `InvalidOptionError` for `unix://run/a.sock`, where a slash is missing and `run` became the host.
 */
export function pathOf(option: string, url: URL): string {
  if (url.host !== '') throw new InvalidOptionError(option, 'a URL with three slashes before its path', url.href);
  return decodeSafely(url.pathname);
}

/** The host of a URL as sockets want it: IPv6 without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
