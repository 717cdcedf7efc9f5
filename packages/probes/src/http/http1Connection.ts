import type { Socket } from 'node:net';
import type { Attempt } from '../check/runCheck.ts';
import type { HttpAnswer } from './httpExpectations.ts';
import { ended, HttpClient } from './undiciClient.ts';
import { HttpExchange } from './undiciExchange.ts';

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** How much of the answer's body to read, at most. */
  readonly maxBodyBytes: number;
}

/** Speaks HTTP/1.1 to one origin, over sockets that are connected already. */
export class HttpLines {
  readonly #origin: string | URL;
  readonly #keepAliveMs: number;
  /** What the last line spoke with. To make another takes longer than to ask. */
  #spare: HttpClient | undefined;

  /** @param keepAliveMs how long a line may lie idle between two questions; 0 ends it after the first. */
  constructor(origin: string | URL, keepAliveMs = 0) {
    this.#origin = origin;
    this.#keepAliveMs = keepAliveMs;
  }

  over(socket: Socket): HttpLine {
    return new HttpLine(this.#takeClient(), socket, (client) => {
      this.#spare = client;
    });
  }

  #takeClient(): HttpClient {
    const spare = this.#spare;
    // A socket that still closes may yet have an error to tell, which is no business of the next line.
    if (!spare || spare.engaged) return new HttpClient(this.#origin, this.#keepAliveMs);
    this.#spare = undefined;
    return spare;
  }
}

/** Speaks HTTP/1.1 over one socket. */
export class HttpLine {
  readonly #client: HttpClient;
  readonly #socket: Socket;
  readonly #spare: (client: HttpClient) => void;
  #last: HttpExchange | undefined;

  constructor(client: HttpClient, socket: Socket, spare: (client: HttpClient) => void) {
    this.#client = client;
    this.#socket = socket;
    this.#spare = spare;
    client.give(socket);
  }

  ask(attempt: Attempt, { method, path, headers, body, maxBodyBytes }: HttpQuestion): Promise<HttpAnswer> {
    attempt.stage('waiting for the response');
    return new Promise((resolve, reject) => {
      this.#last = new HttpExchange(attempt, maxBodyBytes, resolve, reject);
      // Undici would end the connection after every HEAD, and with an error; we end it where it is not kept.
      this.#client.ask({ method: method as 'GET', path, headers, body: body ?? null, reset: false }, this.#last);
    });
  }

  /** Whether a further question may be asked. */
  get open(): boolean {
    return !this.#socket.destroyed && this.#last?.complete !== false;
  }

  close(): void {
    this.#socket.destroy(ended);
    if (this.#last?.complete) this.#spare(this.#client);
    else this.#client.destroy();
  }
}
