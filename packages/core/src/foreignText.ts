/** Longest text of a foreign value, in characters; what is longer is cut before anything else looks at it. */
export const longestForeignText = 1_024;

/**
 * Returns what a value says of itself: an error its name and message, anything else its text. Never throws, whatever
 * foreign code threw or answered, and is never longer than `longestForeignText`.
 */
export function textOf(value: unknown): string {
  try {
    if (value instanceof Error) return joined(shortText(value.name), shortText(value.message));
    return shortText(value);
  } catch {
    return wordOf(value);
  }
}

/** Returns the message of an error without its name, and of anything else its text. Never throws. */
export function messageOf(value: unknown): string {
  try {
    return shortText(value instanceof Error ? value.message : value);
  } catch {
    return wordOf(value);
  }
}

/** Returns the `code` of an error, or an empty string. Never throws. */
export function codeOf(value: unknown): string {
  try {
    const code = (value as { code?: unknown } | null | undefined)?.code;
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
  }
}

/** Returns a value as it should stand in a message: quoted and shortened, with its type where that is not plain. */
export function describe(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    if (typeof value === 'bigint') return value > -(10n ** 20n) && value < 10n ** 20n ? `${value}n` : 'a bigint';
    if (typeof value === 'function') return `a function${value.name ? ` (${shortText(value.name).slice(0, 60)})` : ''}`;
    if (Array.isArray(value)) return `an array of ${value.length}`;
    if (value instanceof Promise) return 'a promise';
    if (typeof value === 'object' && value !== null) return 'an object';
    return shortText(value);
  } catch {
    return wordOf(value);
  }
}

function shortText(value: unknown): string {
  return String(value).slice(0, longestForeignText);
}

function joined(name: string, message: string): string {
  return (message === '' ? name : `${name}: ${message}`).slice(0, longestForeignText);
}

/** Only `typeof` is sure to say something of a proxy that was revoked. */
function wordOf(value: unknown): string {
  return typeof value === 'function' ? 'a function without a text' : 'an object without a text';
}
