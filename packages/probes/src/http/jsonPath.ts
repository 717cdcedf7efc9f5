/** Expectation of a value inside a JSON body: that value, a text that matches, or a number within bounds. */
export type JsonExpectation =
  | string
  | number
  | boolean
  | null
  | RegExp
  | { readonly min?: number; readonly max?: number };

/**
 * Reads one value of a JSON document by its path: `status`, `$.checks[0].state`.
 *
 * @returns undefined where the path leads nowhere.
 */
export function readJsonPath(document: unknown, path: string): unknown {
  let value = document;
  for (const step of stepsOf(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
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

function stepsOf(path: string): string[] {
  return path
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter((step) => step !== '');
}
