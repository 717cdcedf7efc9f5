import type { Rule } from '@watchkeeper/core/options';

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

export const string: Rule<string> = {
  is: 'a string',
  accepts: (value): value is string => typeof value === 'string',
};

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

/** A list with at least one entry, whose entries all obey `rule`. */
export function listOf<TValue>(rule: Rule<TValue>): Rule<readonly TValue[]> {
  return {
    is: `a non-empty list, each ${rule.is}`,
    accepts: (value): value is readonly TValue[] =>
      Array.isArray(value) && value.length > 0 && value.every(rule.accepts),
  };
}

/** Any value that obeys one of two rules. */
export function either<TFirst, TSecond>(first: Rule<TFirst>, second: Rule<TSecond>): Rule<TFirst | TSecond> {
  return {
    is: `${first.is}, or ${second.is}`,
    accepts: (value): value is TFirst | TSecond => first.accepts(value) || second.accepts(value),
  };
}
