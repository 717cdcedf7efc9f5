import type { CallStatus } from './callStatus.ts';
import type { ServingStatus } from './healthProto.ts';
import type { WatchCall } from './serverCall.ts';

/** The only writer of one Watch call: no status twice in a row, none into a full pipe, none after the end. */
export class WatchStream {
  readonly #call: WatchCall;
  readonly #gone: Promise<void>;
  #status: ServingStatus | undefined;
  #room: Promise<void> | undefined;
  #ended = false;

  constructor(call: WatchCall) {
    this.#call = call;
    this.#gone = new Promise((resolve) => {
      call.once('cancelled', () => {
        this.#ended = true;
        resolve();
      });
    });
  }

  /** What the client was last told. */
  get status(): ServingStatus | undefined {
    return this.#status;
  }

  /** Resolves when the call has ended: everything was handed to the network, or the client is gone. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Tells what `read` answers as soon as there is room; settles when there is room again. */
  tell(read: () => ServingStatus): void | Promise<void> {
    if (this.#room !== undefined) return this.#room.then(() => this.tell(read));
    this.write(read());
    return this.#room;
  }

  /** Writes `status` now, room or not, unless the client knows it already. */
  write(status: ServingStatus): void {
    if (this.#ended || status === this.#status) return;
    this.#status = status;
    if (this.#call.write({ status }) || this.#room !== undefined) return;
    this.#room = new Promise((resolve) => {
      this.#call.once('drain', () => {
        this.#room = undefined;
        resolve();
      });
    });
  }

  /** Ends the call well, after what was written. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#call.end();
  }

  /** Ends the call with a status, after what was written. */
  fail(status: CallStatus): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#call.emit('error', status);
  }
}
