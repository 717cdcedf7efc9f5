import { VirtualClock } from '@watchkeeper/testing';
import { type ClientOptions, type ClientSocket, createClient, type SocketEvent } from '../../src/client/index.ts';
import { afterTest } from './testHub.ts';

/** A socket whose far end is the test. */
export class ScriptedSocket implements ClientSocket {
  readyState = 0;
  readonly url: string;
  readonly sent: string[] = [];
  closedWith: number | undefined;
  readonly #listeners = new Map<string, ((event: SocketEvent) => void)[]>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: SocketEvent) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  open(): void {
    this.readyState = 1;
    this.#tell('open', {});
  }

  say(frame: unknown): void {
    this.#tell('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  end(code: number, reason = ''): void {
    this.readyState = 3;
    this.#tell('close', { code, reason });
  }

  #tell(type: string, event: SocketEvent): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}

/** A client on virtual time whose sockets are scripted; chance always says one half. */
export function scripted(options?: ClientOptions) {
  const clock = new VirtualClock();
  const sockets: ScriptedSocket[] = [];
  class Socket extends ScriptedSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const client = createClient('ws://hub.test/feed', {
    clock,
    random: () => 0.5,
    connect: (url) => new Socket(url),
    ...options,
  });
  afterTest(() => client.close());
  const socket = (): ScriptedSocket => {
    const last = sockets.at(-1);
    if (last === undefined) throw new Error('no socket was made');
    return last;
  };
  return { clock, client, sockets, socket };
}
