import { WebSocket } from 'ws';
import type { PeerMessage, RelayMessage } from './messages.ts';

/** A peer's end of a connection to a relay. */
export interface PeerClient {
  readonly name: string;
  /** Settles with the next message of this kind, or one that has come already and was not asked for. */
  next<T extends RelayMessage['type']>(type: T): Promise<Extract<RelayMessage, { type: T }>>;
  say(message: PeerMessage): void;
  leave(): void;
  /** Settles with the close code and its words when the connection has ended. */
  readonly closed: Promise<string>;
}

/** Connects; the peer says hello when its owner does. */
export async function connectPeer(url: string, name: string): Promise<PeerClient> {
  const socket = new WebSocket(url);
  const unasked: RelayMessage[] = [];
  const askers = new Set<(message: RelayMessage) => boolean>();
  socket.on('message', (received) => {
    const message: RelayMessage = JSON.parse(String(received));
    for (const asker of askers) if (asker(message)) return;
    // Objects are many, and who does not ask for them has no use for old ones.
    if (message.type !== 'object') unasked.push(message);
  });
  const closed = new Promise<string>((resolve) => {
    socket.on('close', (code, words) => resolve(`${code} ${String(words)}`.trim()));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => {});
  return {
    name,
    closed,
    next: (type) =>
      new Promise((resolve) => {
        const isIt = (message: RelayMessage): message is Extract<RelayMessage, { type: typeof type }> =>
          message.type === type;
        const place = unasked.findIndex(isIt);
        const [waiting] = place < 0 ? [] : unasked.splice(place, 1);
        if (waiting !== undefined && isIt(waiting)) return resolve(waiting);
        const asker = (message: RelayMessage) => {
          if (!isIt(message)) return false;
          askers.delete(asker);
          resolve(message);
          return true;
        };
        askers.add(asker);
      }),
    say: (message) => socket.send(JSON.stringify(message)),
    leave: () => socket.close(1000),
  };
}
