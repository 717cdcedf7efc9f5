import { Metadata } from '@grpc/grpc-js';

/** Where a client is asked to go, and when. Plain and serialisable. */
export type MigrationHint = {
  /** The address of another server. */
  readonly uri?: string;
  /** How long the calls that are open may still take, in milliseconds. */
  readonly graceMs?: number;
  /** When to come back, in milliseconds from now. */
  readonly reconnectAfterMs?: number;
};

const uriKey = 'watchkeeper-uri';
const graceKey = 'watchkeeper-grace-ms';
const reconnectKey = 'watchkeeper-reconnect-after-ms';

/** The longest address that is told, in characters: clients in C refuse more than 8 KB of metadata, and with it the call. */
const maxUriLength = 2_048;

/** The longest time that a timer of the host holds, in milliseconds. */
const longestTimerMs = 2_147_483_647;

/** An address in the characters that metadata may have: any other is percent-encoded. */
function asciiOf(uri: string): string {
  return uri.replace(/[^!-~]+/g, (part) =>
    Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** @returns a hint as trailing metadata; each part only where it is known. */
export function hintMetadata({ uri, graceMs, reconnectAfterMs }: MigrationHint): Metadata {
  const metadata = new Metadata();
  const ascii = uri === undefined ? '' : asciiOf(uri);
  if (ascii !== '' && ascii.length <= maxUriLength) metadata.set(uriKey, ascii);
  if (graceMs !== undefined) metadata.set(graceKey, String(Math.round(graceMs)));
  if (reconnectAfterMs !== undefined) metadata.set(reconnectKey, String(Math.round(reconnectAfterMs)));
  return metadata;
}

/** @returns the hint in trailing metadata, without what is no address or time; `undefined` where there is none. */
export function hintOf(metadata: Pick<Metadata, 'get'>): MigrationHint | undefined {
  const textOf = (key: string) => String(metadata.get(key)[0] ?? '');
  const msOf = (key: string) => {
    const text = textOf(key);
    return /^\d{1,10}$/.test(text) && Number(text) <= longestTimerMs ? Number(text) : undefined;
  };
  const uri = textOf(uriKey);
  const graceMs = msOf(graceKey);
  const reconnectAfterMs = msOf(reconnectKey);
  const hint = {
    ...(uri === '' || uri.length > maxUriLength ? {} : { uri }),
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(reconnectAfterMs === undefined ? {} : { reconnectAfterMs }),
  };
  return Object.keys(hint).length === 0 ? undefined : hint;
}
