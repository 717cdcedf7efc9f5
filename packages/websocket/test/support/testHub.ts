import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import {
  type CloseReason,
  createSupervisor,
  type Notice,
  type Supervisor,
  type SupervisorOptions,
} from '@watchkeeper/core';
import { filter, firstValueFrom, map } from 'rxjs';
import { afterEach } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { createHub, type Hub, type HubOptions } from '../../src/index.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, last first. */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A real server on the loopback interface with a hub on `/feed`. */
export interface Stand {
  readonly keeper: Supervisor;
  readonly hub: Hub;
  readonly server: Server;
  readonly port: number;
  readonly url: string;
}

export async function stand(hubOptions?: HubOptions, options?: SupervisorOptions): Promise<Stand> {
  const keeper = createSupervisor(options);
  const hub = createHub(keeper, hubOptions);
  const server = createServer();
  hub.attach(server, '/feed');
  const port = await listen(server);
  afterTest(() => keeper.stop());
  keeper.start();
  return { keeper, hub, server, port, url: `ws://127.0.0.1:${port}/feed` };
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** How a WebSocket ended. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** A client of the real kind, which remembers every frame. */
export class TestClient {
  readonly frames: unknown[] = [];
  readonly socket: WebSocket;
  readonly ended: Promise<Ending>;
  readonly #watchers = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('message', (text) => {
      this.frames.push(JSON.parse(String(text)));
      for (const look of this.#watchers) look();
    });
    this.ended = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  get notices(): readonly Notice[] {
    return this.frames.filter((frame): frame is Notice => {
      const { type } = frame as { type: string };
      return type === 'health' || type === 'goaway';
    });
  }

  /** Settles when a frame like this has come. */
  until(matches: (frame: never) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.frames.some((frame) => matches(frame as never))) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Settles when this client has been told that `topic` is `health`. */
  told(topic: string, health: string): Promise<void> {
    return this.until((frame: Notice) => frame.type === 'health' && frame.topic === topic && frame.health === health);
  }
}

/** Connects a real client; rejects when the upgrade is refused. */
export async function join(url: string, options?: ClientOptions): Promise<TestClient> {
  const socket = new WebSocket(url, options);
  const client = new TestClient(socket);
  afterTest(() => socket.terminate());
  await once(socket, 'open');
  return client;
}

/** A promise, and the function that resolves it. */
export function pledge<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The HTTP answer to an upgrade that is refused. */
export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Asks for an upgrade that is to be refused. */
export function refusedJoin(url: string, options?: ClientOptions): Promise<Answer> {
  const socket = new WebSocket(url, options);
  socket.on('error', () => {});
  afterTest(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.once('open', () => reject(new Error('the upgrade was granted')));
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text }),
      );
    });
  });
}

export const upgradeRequest = (path = '/feed', extra = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extra}\r\n`;

/** A bare TCP connection that has sent `bytes`. */
export async function rawSocket(port: number, bytes: string | Buffer = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  afterTest(() => socket.destroy());
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return socket;
}

/** A client that has been admitted and then never reads a byte. */
export async function nonReader(port: number, path?: string): Promise<Socket> {
  const socket = await rawSocket(port, upgradeRequest(path));
  await once(socket, 'readable');
  return socket;
}

/** Settles when the hub has this many clients. */
export async function clientsBecome(hub: Hub, clients: number): Promise<void> {
  if (hub.clients === clients) return;
  await firstValueFrom(hub.events$.pipe(filter(() => hub.clients === clients)));
}

/** Settles with the reason of the next client that ends. */
export function nextEnd(hub: Hub): Promise<CloseReason> {
  return firstValueFrom(
    hub.events$.pipe(
      filter((event) => event.type === 'client.closed'),
      map(({ reason }) => reason),
    ),
  );
}
