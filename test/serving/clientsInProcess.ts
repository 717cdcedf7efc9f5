import { EventEmitter } from 'node:events';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { HealthService } from '@watchkeeper/grpc';
import type { HttpListener } from '@watchkeeper/http';
import type { Hub } from '@watchkeeper/websocket';

/** How a client takes it that it is told to go: it leaves, or does nothing at all, not even when its end is asked for. */
export type Manner = 'leaves' | 'stays';

/** Takes a client away, without a word. */
export type Leave = () => void;

const closeFrame = 0x88;

/** The far end of a WebSocket, without a network. */
class FarWebSocket extends Duplex {
  readonly #manner: Manner;

  constructor(manner: Manner) {
    super();
    this.#manner = manner;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, written: () => void): void {
    written();
    if (this.#manner === 'stays') return;
    if (chunk[0] === closeFrame || chunk.includes('"type":"goaway"')) this.push(null);
  }
}

/** Nobody reads from it or writes to it: a request must only come from somewhere. */
const nowhere = new Socket();

/** Asks a hub for an upgrade. */
export function joinHub(hub: Hub, manner: Manner): Leave {
  const request = new IncomingMessage(nowhere);
  request.method = 'GET';
  request.url = '/';
  request.headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const far = new FarWebSocket(manner);
  hub.upgrade(request, far, Buffer.alloc(0));
  return () => void far.destroy();
}

class FarResponse extends EventEmitter {
  readonly #manner: Manner;

  constructor(manner: Manner) {
    super();
    this.#manner = manner;
  }

  writeHead(): void {}

  /** There is room for everything, also for what the client never takes: only the close says that it has. */
  write(): boolean {
    return true;
  }

  end(): void {
    if (this.#manner === 'leaves') this.emit('close');
  }

  destroy(): void {
    this.emit('close');
  }
}

/** Asks for a feed of server-sent events. */
export function joinFeed(feed: HttpListener, manner: Manner): Leave {
  const far = new FarResponse(manner);
  feed({ method: 'GET', url: '/', headers: {} }, far);
  return () => void far.emit('close');
}

class FarWatch extends EventEmitter {
  readonly cancelled = false;
  readonly request: { readonly service: string } = { service: '' };
  readonly #manner: Manner;

  constructor(manner: Manner) {
    super();
    this.#manner = manner;
    this.on('error', () => this.end());
  }

  getPeer(): string {
    return '192.0.2.1:50000';
  }

  write(): boolean {
    return this.#manner === 'leaves';
  }

  end(): void {
    if (this.#manner === 'leaves') this.emit('cancelled');
    else this.removeAllListeners('error').on('error', () => {});
  }
}

/** Asks for a Watch of the whole. */
export function joinWatch(service: HealthService, manner: Manner): Leave {
  const far = new FarWatch(manner);
  service.implementation.watch(far);
  return () => void far.emit('cancelled');
}
