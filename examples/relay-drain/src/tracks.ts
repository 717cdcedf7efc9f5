import type { PeerMessage, RefusalCode, RelayMessage } from './messages.ts';
import type { Peer } from './peer.ts';

/** One stream of objects: where it comes from and who wants it. */
type Track = { readonly source: Peer; readonly subscribers: Set<Peer> };

/** Tracks with their publishers and subscribers. Nothing here refers to a peer that has gone (INV-39). */
export class Tracks {
  readonly #tracks = new Map<string, Track>();

  /** How many tracks anybody publishes. */
  get size(): number {
    return this.#tracks.size;
  }

  /** Does what a peer says. */
  take(peer: Peer, message: PeerMessage): void {
    if (message.type === 'publish') peer.tell(this.#publish(peer, message.track));
    else if (message.type === 'subscribe') this.#subscribe(peer, message.track);
    else if (message.type === 'object') this.#forward(peer, message);
    else if (message.type === 'goaway') peer.session.peerGoaway();
  }

  /** Sweeps a peer that has gone out of every track. */
  forget(peer: Peer): void {
    for (const [name, track] of this.#tracks) {
      track.subscribers.delete(peer);
      if (track.source !== peer) continue;
      this.#tracks.delete(name);
      for (const subscriber of track.subscribers) subscriber.tell({ type: 'ended', track: name });
    }
  }

  #publish(peer: Peer, name: string): RelayMessage {
    if (this.#tracks.has(name)) return { type: 'refused', track: name, code: 'track-taken' };
    if (peer.isGoing) return { type: 'refused', track: name, code: 'going-away' };
    this.#tracks.set(name, { source: peer, subscribers: new Set() });
    return { type: 'published', track: name };
  }

  #subscribe(peer: Peer, name: string): void {
    const track = this.#tracks.get(name);
    const code = refusalOf(peer, track);
    if (track === undefined || code !== undefined) {
      peer.tell({ type: 'refused', track: name, code: code ?? 'unknown-track' });
      return;
    }
    const isFirst = track.subscribers.size === 0;
    track.subscribers.add(peer);
    peer.tell({ type: 'subscribed', track: name });
    if (isFirst) track.source.tell({ type: 'demand', track: name });
  }

  /** What has begun goes on, whoever is going. */
  #forward(peer: Peer, { track: name, body }: Extract<PeerMessage, { type: 'object' }>): void {
    const track = this.#tracks.get(name);
    if (track?.source !== peer) return;
    for (const subscriber of track.subscribers) subscriber.tell({ type: 'object', track: name, body });
  }
}

/** The first subscriber of a track costs its source a request, and who is going is asked for nothing new (INV-37). */
function refusalOf(peer: Peer, track: Track | undefined): RefusalCode | undefined {
  if (track === undefined) return 'unknown-track';
  const needsRequest = track.subscribers.size === 0;
  return peer.session.state !== 'open' || (needsRequest && track.source.isGoing) ? 'going-away' : undefined;
}
