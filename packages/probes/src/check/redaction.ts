const longestDetail = 200;
const hidden = '***';

/** `user:password@` of any URL within a text. */
const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi;
const secretParameter =
  /([?&;](?:[\w-]*(?:token|secret|password|passwd|signature|api[-_]?key|auth)[\w-]*|key|sig)=)[^&#\s]+/gi;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes.
const unprintable = /[\u0000-\u001f\u007f-\u009f]+/g;

/** Returns a text without credentials, fit for a verdict, an event or a log. */
export type Redact = (text: string) => string;

/**
 * Makes the redaction of one probe: its texts are one line of bounded length, without the credentials it was given and
 * without anything that looks like one.
 *
 * @param secrets texts that must never appear; those under four characters are left, they would hide words.
 */
export function redaction(secrets: readonly string[] = []): Redact {
  const known = secrets.filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text.replace(unprintable, ' ');
    for (const secret of known) clean = clean.replaceAll(secret, hidden);
    clean = clean
      .replace(userInfo, `$1${hidden}@`)
      .replace(secretParameter, `$1${hidden}`)
      .replace(bearer, `$1 ${hidden}`)
      .trim();
    return clean.length > longestDetail ? `${clean.slice(0, longestDetail - 1)}…` : clean;
  };
}

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
