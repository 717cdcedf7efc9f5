import { InvalidOptionError } from './errors.ts';

/** What one option's value must be: said in words, and checked. */
export interface Rule<TValue> {
  readonly is: string;
  readonly accepts: (value: unknown) => value is TValue;
}

/** One rule for each option of an options type. */
export type Rules<TOptions> = { readonly [K in keyof Required<TOptions>]: Rule<Required<TOptions>[K]> };

/** Node and browsers fire a timer at once when its delay passes 2^31 - 1; we refuse such a delay at the door. */
export const longestMs = 2 ** 31 - 1;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

export const positiveMs: Rule<number> = {
  is: `a positive number of milliseconds up to ${longestMs}`,
  accepts: (value): value is number => isNumber(value) && value > 0 && value <= longestMs,
};

export const durationMs: Rule<number> = {
  is: `a number of milliseconds from 0 to ${longestMs}`,
  accepts: (value): value is number => isNumber(value) && value >= 0 && value <= longestMs,
};

export const positiveNumber: Rule<number> = {
  is: 'a number above 0',
  accepts: (value): value is number => isNumber(value) && value > 0,
};

export const positiveCount: Rule<number> = {
  is: 'a whole number of 1 or more',
  accepts: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 1,
};

export const count: Rule<number> = {
  is: 'a whole number of 0 or more',
  accepts: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
};

export const wholeNumber: Rule<number> = {
  is: 'a whole number',
  accepts: (value): value is number => Number.isSafeInteger(value),
};

export const ratio: Rule<number> = {
  is: 'a number from 0 to 1',
  accepts: (value): value is number => isNumber(value) && value >= 0 && value <= 1,
};

export const flag: Rule<boolean> = {
  is: 'true or false',
  accepts: (value): value is boolean => typeof value === 'boolean',
};

export const text: Rule<string> = {
  is: 'a non-empty string',
  accepts: (value): value is string => typeof value === 'string' && value !== '',
};

/** Where to go instead; it is written into headers and frames. */
export const uriRule: Rule<string> = {
  is: 'a URI of at most 8192 characters, in ASCII and without spaces',
  accepts: (value): value is string => typeof value === 'string' && value.length <= 8_192 && /^[!-~]+$/.test(value),
};

/** One of a closed list of strings. */
export function oneOf<const TValue extends string>(...values: readonly TValue[]): Rule<TValue> {
  return {
    is: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    accepts: (value): value is TValue => (values as readonly unknown[]).includes(value),
  };
}

/** Strings, each for itself free. */
export const texts: Rule<readonly string[]> = {
  is: 'an array of strings',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((member) => typeof member === 'string'),
};

/** Strings that are not empty, each only once. */
export const differentTexts: Rule<readonly string[]> = {
  is: 'an array of different non-empty strings',
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && new Set(value).size === value.length && value.every(text.accepts),
};

/** Options within options. */
export const nestedOptions: Rule<object> = {
  is: 'an object of options',
  accepts: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** A function; its signature is the type's business. */
export function callable<TFunction>(): Rule<TFunction> {
  return { is: 'a function', accepts: (value): value is TFunction => typeof value === 'function' };
}

/** An object that has all of these methods. */
export function objectWith<TObject>(...methods: readonly (keyof TObject & string)[]): Rule<TObject> {
  return {
    is: `an object with ${methods.map((method) => `${method}()`).join(', ')}`,
    accepts: (value): value is TObject =>
      (typeof value === 'object' || typeof value === 'function') &&
      value !== null &&
      methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function'),
  };
}

/** Returns the list as one that nobody can change: whoever gave it may change his own afterwards. */
export function frozenCopy<TValue>(list: readonly TValue[]): readonly TValue[] {
  return Object.isFrozen(list) ? list : Object.freeze([...list]);
}

/** `rule`, or nothing at all. */
export function optional<TValue>(rule: Rule<TValue>): Rule<TValue | undefined> {
  return {
    is: `${rule.is}, or left out`,
    accepts: (value): value is TValue | undefined => value === undefined || rule.accepts(value),
  };
}

/** An object that publishes the events of a supervisor, and has all of these methods. */
export function eventSource<TObject>(...methods: readonly (keyof TObject & string)[]): Rule<TObject> {
  const own = objectWith<TObject>(...methods);
  return {
    is: `a supervisor, or an object with ${['events$', ...methods.map((method) => `${method}()`)].join(', ')}`,
    accepts: (value): value is TObject =>
      own.accepts(value) && typeof (value as { events$?: { subscribe?: unknown } }).events$?.subscribe === 'function',
  };
}

/** @throws {@link InvalidOptionError} when `value` breaks `rule`. */
export function requireOption(option: string, rule: Rule<unknown>, value: unknown): void {
  if (!holds(rule, value)) throw new InvalidOptionError(option, rule.is, value);
}

/** Whether `value` keeps `rule`; one that cannot even be looked at does not. */
function holds(rule: Rule<unknown>, value: unknown): boolean {
  try {
    return rule.accepts(value);
  } catch {
    return false;
  }
}

/**
 * Lays `given` over `defaults` and checks every option: what comes out is complete and right.
 *
 * Where nothing is given, the defaults themselves come out: they must be complete and right.
 * An option given as `undefined` counts as left out (INV-74: own, then default). A name that no rule knows
 * is refused, so that a misspelt option never passes in silence. Of a list that is not frozen a copy is checked and comes
 * out: what its owner does to it later changes nothing.
 *
 * @param owner names the options in errors: `monitor` gives `monitor.intervalMs`.
 * @throws {@link InvalidOptionError} naming the first option that breaks its rule.
 */
export function resolveOptions<TOptions extends object>(
  owner: string,
  rules: Rules<TOptions>,
  defaults: TOptions,
  given: object | undefined,
): TOptions {
  if (given === undefined) return defaults;
  requireOption(owner, optionsRule, given);
  for (const name of namesOf(owner, given)) {
    if (!Object.hasOwn(rules, name)) {
      throw InvalidOptionError.unknown(owner, name, Object.keys(rules), read(owner, given, name));
    }
  }
  // Filled name by name, so that all options of one kind share one shape in memory: each copy of the defaults would
  // have a shape of its own, and code that reads a thousand shapes is slow.
  const resolved: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries<Rule<unknown>>(rules)) {
    // Read once: a getter that answers anew each time must not get past its rule.
    const chosen = read(owner, given, name);
    const value = chosen === undefined ? (defaults as Record<string, unknown>)[name] : ownCopy(chosen);
    if (!holds(rule, value)) {
      throw new InvalidOptionError(`${owner}.${name}`, rule.is, chosen === undefined ? value : chosen);
    }
    resolved[name] = value;
  }
  return resolved as TOptions;
}

/** What options as a whole must be. */
export const optionsRule: Rule<object> = {
  is: 'an object of options',
  accepts: (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
};

function namesOf(owner: string, given: object): readonly string[] {
  try {
    return Object.keys(given);
  } catch (cause) {
    throw unreadable(owner, given, cause);
  }
}

function read(owner: string, given: object, name: string): unknown {
  try {
    return (given as Record<string, unknown>)[name];
  } catch (cause) {
    throw unreadable(`${owner}.${name}`, given, cause);
  }
}

function unreadable(option: string, given: object, cause: unknown): InvalidOptionError {
  return new InvalidOptionError(option, 'an option that can be read', given, cause);
}

function ownCopy(value: unknown): unknown {
  try {
    return Array.isArray(value) && !Object.isFrozen(value) ? [...value] : value;
  } catch {
    // Its rule finds out, and says so.
    return value;
  }
}
