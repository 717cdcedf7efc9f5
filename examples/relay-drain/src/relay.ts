import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, type DrainOptions, type Reservation, type Supervisor } from '@watchkeeper/core';
import { healthRoutes } from '@watchkeeper/http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Announcement, announce } from './announcement.ts';
import { readMessage } from './messages.ts';
import { Peer } from './peer.ts';
import { Tracks } from './tracks.ts';

/** How a relay is started. */
export interface RelayOptions {
  readonly port: number;
  /** The folder it announces itself in. */
  readonly folder: string;
  readonly maxPeers: number;
  readonly drain: DrainOptions;
  /** Hears what happens, one line at a time. */
  readonly say: (line: string) => void;
}

/** A running relay. Drain its keeper, then dispose it. */
export interface Relay extends AsyncDisposable {
  readonly keeper: Supervisor;
  readonly url: string;
}

/** How long a peer may take to say hello, in milliseconds. */
const helloMs = 5_000;

export async function startRelay({ port, folder, maxPeers, drain, say }: RelayOptions): Promise<Relay> {
  let announcement: Announcement | undefined;
  const keeper = createSupervisor({
    name: 'relay',
    maxSessions: maxPeers,
    drain,
    withdraw: async () => {
      await announcement?.withdraw();
      say('withdrew its announcement');
    },
  });
  const tracks = new Tracks();
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer(healthRoutes(keeper));

  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    // The slot comes first: who is refused costs nothing but this answer (INV-14).
    const slot = keeper.reserve(request.socket.remoteAddress);
    if (slot.reserved) sockets.handleUpgrade(request, stream, head, (socket) => greet(socket, slot));
    else stream.end(`HTTP/1.1 503 ${slot.reason}\r\nRetry-After: ${Math.ceil(slot.retryAfterMs / 1_000)}\r\n\r\n`);
  });

  /** Until it says hello a peer is nobody, and holds no more than its slot. */
  function greet(socket: WebSocket, slot: Reservation): void {
    let peer: Peer | undefined;
    const timer = setTimeout(() => socket.close(4000, 'no hello'), helloMs);
    socket.on('message', (data) => {
      const message = readMessage(String(data));
      if (message === undefined) return;
      if (peer !== undefined) return tracks.take(peer, message);
      if (message.type !== 'hello') return;
      clearTimeout(timer);
      peer = admit(message.name, socket, slot);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(timer);
      slot.release();
      peer?.session.end();
    });
  }

  /** One that says hello while we drain is told to go in the same breath. */
  function admit(name: string, socket: WebSocket, slot: Reservation): Peer {
    const peer = new Peer(name, socket, slot);
    say(peer.session.state === 'draining' ? `${name} came late` : `${name} came`);
    peer.tell({ type: 'welcome' });
    void peer.session.closed.then((reason) => {
      tracks.forget(peer);
      say(`${name} went: ${reason} (${tracks.size} tracks left)`);
    });
    return peer;
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  announcement = await announce(folder, url);
  keeper.start();
  return {
    keeper,
    url,
    async [Symbol.asyncDispose]() {
      await keeper.stop();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
