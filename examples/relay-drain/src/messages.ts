/** Message of a peer. `hello` is first; the rest counts only after it. */
export type PeerMessage =
  | { readonly type: 'hello'; readonly name: string }
  /** It is the source of a track from now on. */
  | { readonly type: 'publish'; readonly track: string }
  | { readonly type: 'object'; readonly track: string; readonly body: unknown }
  | { readonly type: 'subscribe'; readonly track: string }
  /** It is going: it finishes what it has begun, and begins nothing new. */
  | { readonly type: 'goaway' };

/** Reason a request was refused. */
export type RefusalCode = 'unknown-track' | 'track-taken' | 'going-away';

/** Message of the relay. */
export type RelayMessage =
  | { readonly type: 'welcome' }
  | { readonly type: 'published'; readonly track: string }
  /** To a source: somebody wants this track, send its objects. */
  | { readonly type: 'demand'; readonly track: string }
  | { readonly type: 'subscribed'; readonly track: string }
  | { readonly type: 'refused'; readonly track: string; readonly code: RefusalCode }
  | { readonly type: 'object'; readonly track: string; readonly body: unknown }
  /** The source of a track has gone. */
  | { readonly type: 'ended'; readonly track: string }
  | { readonly type: 'goaway'; readonly reason: string; readonly graceMs: number; readonly uri?: string };

const withTrack: ReadonlySet<unknown> = new Set(['publish', 'object', 'subscribe']);

/** Reads a message of a peer; `undefined` when it is none. */
export function readMessage(text: string): PeerMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is PeerMessage {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (value.type === 'hello') return 'name' in value && typeof value.name === 'string';
  if (withTrack.has(value.type)) return 'track' in value && typeof value.track === 'string';
  return value.type === 'goaway';
}
