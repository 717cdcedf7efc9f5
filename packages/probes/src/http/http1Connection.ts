import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Check } from '../check/runCheck.ts';
import type { HttpRequest, HttpResponse } from './httpMessage.ts';
import { checkEnded, UndiciClient } from './undiciClient.ts';
import { UndiciExchange } from './undiciExchange.ts';

/** Makes HTTP/1.1 connections to one origin, over sockets that are connected already. */
export class Http1Connections {
  readonly #origin: string | URL;
  readonly #keepAliveMs: number;
  /** The client of the last connection. To make another takes longer than a request. */
  #spare: UndiciClient | undefined;

  /** @param keepAliveMs how long a connection may be idle between two requests; 0 ends it after the first. */
  constructor(origin: string | URL, keepAliveMs = 0) {
    this.#origin = origin;
    this.#keepAliveMs = keepAliveMs;
  }

  over(socket: Socket): Http1Connection {
    return new Http1Connection(this.#takeClient(), socket, (client) => {
      this.#spare = client;
    });
  }

  #takeClient(): UndiciClient {
    const spare = this.#spare;
    // A socket that still closes may yet report an error, which must not reach the next connection.
    if (!spare || spare.holdsSocket) return new UndiciClient(this.#origin, this.#keepAliveMs);
    this.#spare = undefined;
    return spare;
  }
}

/** An HTTP/1.1 connection over one socket. */
export class Http1Connection {
  readonly #client: UndiciClient;
  readonly #socket: Socket;
  readonly #giveBack: (client: UndiciClient) => void;
  #last: UndiciExchange | undefined;

  /** @param giveBack called with the client on close, where it can serve another connection. */
  constructor(client: UndiciClient, socket: Socket, giveBack: (client: UndiciClient) => void) {
    this.#client = client;
    this.#socket = socket;
    this.#giveBack = giveBack;
    client.useSocket(socket);
  }

  request(check: Check, { method, path, headers, body, maxBodyBytes }: HttpRequest): Promise<HttpResponse> {
    check.phase('waiting for the response');
    return new Promise((resolve, reject) => {
      this.#last = new UndiciExchange(check, maxBodyBytes, resolve, reject);
      // Undici would end the connection after every HEAD, and with an error; we end it where it is not kept.
      this.#client.dispatch({ method: method as 'GET', path, headers, body: body ?? null, reset: false }, this.#last);
    });
  }

  /** Whether a further request may be sent. */
  get open(): boolean {
    return !this.#socket.destroyed && this.#last?.complete !== false;
  }

  close(): void {
    // A TLS connection is ended by its own layer, which says goodbye first.
    if (!(this.#socket instanceof TLSSocket && this.#last?.complete)) this.#socket.destroy(checkEnded);
    if (this.#last?.complete) this.#giveBack(this.#client);
    else this.#client.destroy();
  }
}
