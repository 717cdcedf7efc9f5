import { InvalidOptionError } from '@watchkeeper/core';
import { decodeSafely, redaction } from '../check/redaction.ts';

/**
 * Parses a URL option.
 *
 * @param schemes with their colons, as `URL.protocol` has them.
 * @param hostless whether the URL may have no host.
 * @throws `InvalidOptionError` naming what exactly is wrong.
 */
export function parseUrl(option: string, given: unknown, schemes: readonly string[], hostless = false): URL {
  const value = isUrl(given) ? given.href : given;
  const received = typeof value === 'string' ? redaction()(value) : value;
  const refuse = (rule: string, cause?: unknown): never => {
    throw new InvalidOptionError(option, rule, received, cause);
  };
  if (value === undefined || value === null || value === '') return refuse('a URL (no url specified)');
  if (typeof value !== 'string') return refuse('a URL or its text');
  if (!URL.canParse(value)) {
    return refuse(
      /^[a-z][a-z0-9+.-]*:\/\/(?:[/:?#]|$)/i.test(value)
        ? 'a URL with a host (no host specified)'
        : 'an absolute URL that can be parsed',
    );
  }
  const url = new URL(value);
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

/** The host of a URL as sockets take it: IPv6 without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function isUrl(value: unknown): value is URL {
  try {
    return value instanceof URL;
  } catch {
    return false;
  }
}
