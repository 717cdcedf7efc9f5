import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSupervisor, type DrainOptions, type Supervisor } from '@watchkeeper/core';
import { retryAfterHeader } from '@watchkeeper/core/adapters';
import { healthRoutes } from '@watchkeeper/http';
import { WebSocketServer } from 'ws';
import { type Announcement, announce } from './announcement.ts';
import { Reception } from './reception.ts';

/** Options of a relay. */
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
  const reception = new Reception(say);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer(healthRoutes(keeper));

  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    // The slot comes first: who is refused costs nothing but this answer (INV-14).
    const slot = keeper.reserve(request.socket.remoteAddress);
    if (!slot.reserved) {
      stream.end(`HTTP/1.1 503 ${slot.reason}\r\nRetry-After: ${retryAfterHeader(slot.retryAfterMs)}\r\n\r\n`);
      return;
    }
    // A handshake may fail, and a hello never come: whatever becomes of it, the slot goes back (INV-15).
    stream.once('close', () => slot.release());
    sockets.handleUpgrade(request, stream, head, (socket) => reception.greet(socket, slot));
  });

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
