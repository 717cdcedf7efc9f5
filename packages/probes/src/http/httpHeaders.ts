import type { Rule } from '@watchkeeper/core/options';
import { decodeSafely } from '../check/redaction.ts';

/** Headers of every request: no cache and no compression, so that the target itself responds, in plain. */
const ownHeaders = {
  'user-agent': 'watchkeeper',
  accept: '*/*',
  'accept-encoding': 'identity',
  'cache-control': 'no-cache',
};

const secretName = /auth|cookie|token|secret|password|key|signature/i;

/** Whether a header of this name carries a credential. */
export function isSecretHeader(name: string): boolean {
  return secretName.test(name);
}

export const methodName: Rule<string> = {
  is: 'an HTTP method in capitals',
  accepts: (value): value is string => typeof value === 'string' && /^[A-Z]+$/.test(value),
};

/** As `rule`, and every name and value may stand in a request. */
export function headerNames(rule: Rule<Readonly<Record<string, string>>>): Rule<Readonly<Record<string, string>>> {
  return {
    is: 'an object of header names and one-line values',
    accepts: (value): value is Readonly<Record<string, string>> =>
      rule.accepts(value) &&
      Object.entries(value).every(
        ([name, text]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(text),
      ),
  };
}

/** The headers to send: ours, the URL's credentials, and the user's over both, in small letters. */
export function requestHeaders(url: URL, given: Readonly<Record<string, string>>): Record<string, string> {
  const credentials = url.username || url.password ? { authorization: basicAuthorization(url) } : {};
  const lower = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return { ...ownHeaders, ...credentials, ...lower };
}

/** The values of headers that carry credentials, whole and without their scheme (`Bearer …`). */
export function secretsOfHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => isSecretHeader(name))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, '')]);
}

function basicAuthorization(url: URL): string {
  const credentials = `${decodeSafely(url.username)}:${decodeSafely(url.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
