import { randomUUID } from 'node:crypto';
import { type ServerDuplexStream, type StatusObject, status } from '@grpc/grpc-js';
import { type Availability, isShort } from './availability.ts';
import type { ClientMessage, Code, Status } from './healthzProto.ts';

export type HealthzCall = ServerDuplexStream<ClientMessage, Status>;

/** The part of a broker that its streams read. */
export interface BrokerState {
  availability(): Availability;
  /** Whether what the broker watches allows work. */
  isReady(): boolean;
}

/** The only writer of one client's stream: queries and broadcasts never write at once (INV-9). */
export class HealthStream {
  readonly gone: Promise<void>;
  readonly #call: HealthzCall;
  readonly #state: BrokerState;
  #told: Code | undefined;
  #leaving = false;
  #ended = false;

  constructor(call: HealthzCall, state: BrokerState) {
    this.#call = call;
    this.#state = state;
    this.gone = new Promise((resolve) => {
      call.once('cancelled', () => {
        this.#ended = true;
        resolve();
      });
    });
    call.on('data', (message: ClientMessage) => this.#answer(message));
    call.on('error', () => {
      // What a client breaks on its side ends nothing here: the stream ends when the call does.
    });
  }

  /** Tells the present state unless the client knows it; settles when there is room again. */
  broadcast(): void | Promise<void> {
    if (this.#told === undefined) return this.#write(randomUUID());
    if (this.#told !== this.#code) return this.#write('');
  }

  /** Tells the client to go: from here on it hears nothing else (INV-5). */
  goaway(): void | Promise<void> {
    this.#leaving = true;
    return this.#write('');
  }

  /** Ends the call, with a status where it did not end well. */
  end(why?: Pick<StatusObject, 'code' | 'details'>): void {
    if (this.#ended) return;
    this.#ended = true;
    if (why === undefined) this.#call.end();
    else this.#call.emit('error', why);
  }

  #answer({ query }: ClientMessage): void {
    if (query === undefined) return;
    const room = this.#write(query.uuid);
    if (room === undefined) return;
    // A client that asks without reading is not read either.
    this.#call.pause();
    void room.then(() => this.#call.resume());
  }

  get #code(): Code {
    if (this.#leaving) return 'GOAWAY';
    return isShort(this.#state.availability()) || !this.#state.isReady() ? 'UNHEALTHY' : 'OK';
  }

  #write(uuid: string): void | Promise<void> {
    if (this.#ended) return;
    this.#told = this.#code;
    const { cpu, memory } = this.#state.availability();
    const said: Status = {
      uuid,
      code: this.#told,
      time_ms: Date.now(),
      cpu_availability: cpu,
      memory_availability: memory,
    };
    if (this.#call.write(said)) return;
    return new Promise((resolve) => {
      this.#call.once('drain', resolve);
    });
  }
}

/** Status of a call that its client did not end. */
export const endings = {
  replaced: { code: status.ABORTED, details: 'A newer stream on this connection took its place' },
  draining: { code: status.UNAVAILABLE, details: 'This broker is going away' },
  full: { code: status.RESOURCE_EXHAUSTED, details: 'This broker has no room for another stream' },
} as const;
