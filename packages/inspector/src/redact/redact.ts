import type { ShownValue } from '../protocol/shownValue.ts';

/** Mark in the place of a secret. It tells nothing of the secret, not even its length. */
export const redactedMark = '[redacted]';

const secretName =
  /pass(word|wd|phrase)?|secret|token|api[-_]?key|credential|authori[sz]ation|cookie|session[-_]?id|private[-_]?key|signature|\bauth\b|\bpin\b|\botp\b/i;

/** Pattern for one sort of secret in free text. Its first group is kept before the mark, `after` is written behind it. */
type SecretPattern = { readonly pattern: RegExp; readonly after?: string };

const secretPatterns: readonly SecretPattern[] = [
  { pattern: /()-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*-----|$)/g },
  { pattern: /([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, after: '@' },
  { pattern: /((?:bearer|basic|digest)\s+)[\w.~+/=-]{6,}/gi },
  { pattern: /()\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g },
  { pattern: /()\b(?:sk|pk|rk)[-_](?:live|test|proj)?[-_]?[\w-]{8,}/g },
  { pattern: /()\b(?:gh[opsur]_\w{16,}|glpat-[\w-]{12,}|npm_\w{16,}|xox[abprs]-[\w-]{8,}|AKIA[A-Z0-9]{12,})/g },
  {
    pattern:
      /(["']?[\w-]*(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|credential|authorization|cookie|sig(?:nature)?|session[-_]?id)["']?\s*[=:]\s*)(?!\[redacted\])(?:"[^"]*"|'[^']*'|[^\s&,;}\]]+)/gi,
  },
];

/** Longest text that is shown, in characters. */
const mostCharacters = 400;
const mostKeys = 40;
const deepest = 5;

/** Takes secrets out of values and texts, and counts them. Make one for each value that is shown. */
export class Redactor {
  #taken = 0;

  /** Number of secrets taken out. */
  get taken(): number {
    return this.#taken;
  }

  /** Returns the text without secrets, shortened to {@link mostCharacters}. */
  text(given: string): string {
    let clean = given.length > mostCharacters * 4 ? given.slice(0, mostCharacters * 4) : given;
    for (const { pattern, after = '' } of secretPatterns) {
      clean = clean.replace(pattern, (_found, kept: string) => {
        this.#taken += 1;
        return `${kept}${redactedMark}${after}`;
      });
    }
    return clean.length > mostCharacters ? `${clean.slice(0, mostCharacters)}…` : clean;
  }

  /**
   * Returns a plain copy without secrets: calls no getter, enters no class instance, and stops at a fixed depth. Never
   * throws: what refuses to be read is shown as that.
   */
  value(given: unknown, depth = 0, seen: readonly unknown[] = []): ShownValue {
    try {
      return this.#copyOf(given, depth, seen);
    } catch {
      return '(unreadable)';
    }
  }

  #copyOf(given: unknown, depth: number, seen: readonly unknown[]): ShownValue {
    if (typeof given === 'string') return this.text(given);
    if (typeof given === 'number') return Number.isFinite(given) ? given : String(given);
    if (typeof given === 'boolean' || given === null) return given;
    if (given === undefined) return null;
    if (typeof given !== 'object') return typeof given === 'bigint' ? `${given}n` : `(${typeof given})`;
    if (given instanceof Error) return this.text(`${given.name}: ${given.message}`);
    if (seen.includes(given)) return '(circular)';
    if (depth >= deepest) return '(deeper)';
    const path = [...seen, given];
    if (Array.isArray(given)) return given.slice(0, mostKeys).map((each) => this.value(each, depth + 1, path));
    const prototype: unknown = Object.getPrototypeOf(given);
    if (prototype !== Object.prototype && prototype !== null) return `(${given.constructor?.name ?? 'object'})`;
    return this.#record(given, depth, path);
  }

  #record(given: object, depth: number, path: readonly unknown[]): ShownValue {
    const shown: Record<string, ShownValue> = {};
    for (const [key, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(given)).slice(0, mostKeys)) {
      if (value === undefined && get === undefined) continue;
      if (secretName.test(key)) {
        this.#taken += 1;
        shown[key] = redactedMark;
      } else shown[key] = get === undefined ? this.value(value, depth + 1, path) : '(getter)';
    }
    return shown;
  }
}
