import { InvalidOptionError } from '@watchkeeper/core';

/** Expectation of a value inside a JSON body: that value, a text that matches, or a number within bounds. */
export type JsonExpectation =
  | string
  | number
  | boolean
  | null
  | RegExp
  | { readonly min?: number; readonly max?: number };

/** One step into a document: the name of a member, or the index of an element, from the end where it is negative. */
type Step = string | number;

/** A rule of one value of a JSON body, whose path was read. */
export interface JsonRule {
  readonly path: string;
  readonly steps: readonly Step[];
  readonly expected: JsonExpectation;
}

const name = /\.?((?:[^.[\]\\]|\\.)+)/y;
const index = /\[\s*(-?\d{1,15})\s*\]/y;
const quoted = /\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]/y;

/**
 * Reads the paths of expectations: `status`, `$.checks[0].state`, `["a.b"]['c d']`, `checks[-1]`; `$` is the whole document.
 *
 * @throws `InvalidOptionError` naming the first path that cannot be read.
 */
export function readJsonRules(
  option: string,
  expectations: Readonly<Record<string, JsonExpectation>> | undefined,
): readonly JsonRule[] | undefined {
  if (expectations === undefined) return undefined;
  return Object.entries(expectations).map(([path, expected]) => {
    const steps = stepsOf(path);
    if (steps) return { path, steps, expected };
    throw new InvalidOptionError(option, 'an object of paths such as status, checks[0].state, ["a.b"] or $', path);
  });
}

/** @returns undefined where `path` cannot be read. */
function stepsOf(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const isRooted = /^\$(?:[.[]|$)/.test(path);
  let at = isRooted ? 1 : 0;
  while (at < path.length) {
    const match = matchAt(quoted, path, at) ?? matchAt(index, path, at) ?? matchAt(name, path, at);
    if (!match) return undefined;
    const [all, first = '', second] = match;
    if (all.startsWith('[')) {
      const isIndex = /^\[\s*-?\d/.test(all);
      steps.push(isIndex ? Number(first) : unescaped(second ?? first));
    } else {
      // A name follows a dot, but for the first; and what is no name of RFC 9535, but a selector, would be taken for one.
      if (all.startsWith('.') !== (steps.length > 0 || isRooted) || /^\s*[*?@]|["']/.test(first)) return undefined;
      steps.push(unescaped(first));
    }
    at += all.length;
  }
  return steps.length > 0 || isRooted ? steps : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4})|(.))/gis, (_, code: string | undefined, letter: string) =>
    code === undefined ? (controls[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/**
 * Reads one value of a JSON document.
 *
 * @returns undefined where the steps lead nowhere.
 */
export function readJsonPath(document: unknown, steps: readonly Step[]): unknown {
  let value = document;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = Array.isArray(value) && typeof step === 'number' && step < 0 ? value.length + step : step;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<Step, unknown>)[key];
  }
  return value;
}

export function meetsExpectation(value: unknown, expected: JsonExpectation): boolean {
  if (expected instanceof RegExp) return typeof value === 'string' && value.search(expected) >= 0;
  if (typeof expected !== 'object' || expected === null) return value === expected;
  return typeof value === 'number' && value >= (expected.min ?? -Infinity) && value <= (expected.max ?? Infinity);
}

export function sayExpectation(expected: JsonExpectation): string {
  if (expected instanceof RegExp) return `to match ${expected}`;
  if (typeof expected !== 'object' || expected === null) return `to be ${JSON.stringify(expected)}`;
  return `to be from ${expected.min ?? '-∞'} to ${expected.max ?? '∞'}`;
}

/** Says a value of a stranger's document, which may be nested deeper than a stack reaches. */
export function sayValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `an object of ${Object.keys(value).length}`;
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 200) : value);
}
