import { longestForeignText, messageOf, textOf } from '../foreignText.ts';

/** Longest detail, in characters. */
export const longestDetail = 200;

const hidden = '***';

/*
 * Each pattern costs time that grows with the length of a text and not with its square, whatever the text: where a
 * pattern begins with a name of any length, it may begin only where a name does.
 */
const controls = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
const loneSurrogates = /\p{Cs}/gu;
/** `user:password@` of any URL. */
const userInfo = /(:\/\/)[^\s/?#]*@/g;
const openUserInfo = /(:\/\/)[^\s/?#]*$/g;
const halfCharacter = /[\ud800-\udbff]$/;
const authorization = /\b(bearer|basic|digest)\s[\w.~+/=:-]+/gi;
const secretWord = 'token|secret|passw|pwd|signature|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth|cookie';
const value = `(?:"[^"]*"?|'[^']*'?|[^\\s&#"',;}]+)`;
/** `name=value`, `"name": "value"` where the name is that of a secret. */
const namedSecret = new RegExp(
  `(?<![\\w-])((?=[\\w-]*?(?:${secretWord})|key=|sig=)[\\w-]+(?:=|["']:\\s?|\\s=\\s))${value}`,
  'gi',
);
/** `name: value` where the name is that of a header or a field that holds a secret. */
const namedHeader = new RegExp(
  `(?<![\\w-])((?:proxy-)?authorization|cookie|set-cookie|x-[\\w-]*(?:key|token)|password)(: ?)${value}`,
  'gi',
);
/** Tokens that tell by themselves what they are: JSON Web Tokens, and keys of well-known services. */
const webToken = /(?<![\w-])eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g;
const serviceKey = /(?<![\w-])(?:gh[opsur]_|glpat-|npm_|xox[abprs]-|AKIA|[prs]k[-_](?:live|test)[-_])[\w-]{8,}/g;

/** The patterns of this file, for the test that holds their cost. */
export const detailPatterns: readonly RegExp[] = [
  controls,
  loneSurrogates,
  userInfo,
  openUserInfo,
  authorization,
  namedSecret,
  namedHeader,
  webToken,
  serviceKey,
];

/** Returns a text as a detail: one line of at most `longestDetail` characters, without credentials. */
export type Redact = (text: string) => string;

/**
 * Returns the text as a detail: one line of at most `longestDetail` characters, without anything that looks like a
 * credential. What is beyond `longestForeignText` characters is dropped first.
 */
export const detailLine: Redact = (text) => lineOf(text, []);

/** Returns what foreign code threw as a detail. Never throws. */
export const detailOf = (cause: unknown): string => detailLine(textOf(cause));

/** Returns the message of what foreign code threw, without the name of the error, as a detail. Never throws. */
export const detailOfMessage = (cause: unknown): string => detailLine(messageOf(cause));

/**
 * Returns a `detailLine` that also hides the texts in `secrets`.
 *
 * @param secrets texts that must never appear; those under four characters are left, they would hide words.
 */
export function redaction(secrets: readonly string[] = []): Redact {
  const known = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => lineOf(text, known);
}

function lineOf(text: string, secrets: readonly string[]): string {
  let clean = text.slice(0, longestForeignText);
  const isCut = clean.length < text.length;
  clean = clean.replace(controls, ' ').replace(loneSurrogates, '\uFFFD');
  for (const secret of secrets) clean = clean.replaceAll(secret, hidden);
  // Half a credential at the end of what was cut off is none that the patterns know.
  if (isCut) clean = `${withoutHalf(clean, secrets).replace(openUserInfo, '$1')}…`;
  clean = clean
    .replace(userInfo, `$1${hidden}@`)
    .replace(authorization, `$1 ${hidden}`)
    .replace(namedSecret, `$1${hidden}`)
    .replace(namedHeader, `$1$2${hidden}`)
    .replace(webToken, hidden)
    .replace(serviceKey, hidden)
    .trim();
  if (clean.length <= longestDetail) return clean;
  return `${clean.slice(0, longestDetail - 1).replace(halfCharacter, '')}…`;
}

/** Returns the text without the beginning of a secret at its end. */
function withoutHalf(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= 4; length -= 1) {
      if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length);
    }
  }
  return text;
}
