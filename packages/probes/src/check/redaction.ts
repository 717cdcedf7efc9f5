import { type Redact, redaction } from '@watchkeeper/core/adapters';

export { type Redact, redaction };

/** Returns the user and password of a URL, as written and decoded. */
export function secretsOf(url: URL): string[] {
  const parts = [url.username, url.password].filter((part) => part !== '');
  return parts.flatMap((part) => [part, decodeSafely(part)]);
}

/** Percent-decodes `text`; returns it unchanged where it is malformed. */
export function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
