import type { CallStatus } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';
import type { WatchCall } from './serverCall.ts';
import type { ServiceBoard } from './serviceStatuses.ts';

/**
 * The only writer of one Watch call: no status twice in a row, none into a full pipe, none after the end.
 *
 * Ten thousand are met in a row when a health changes, so that it keeps little and makes promises only when asked.
 */
export class WatchStream {
  readonly #call: WatchCall;
  readonly #board: ServiceBoard;
  readonly #topic: string | undefined;
  #status: ServingStatus | undefined;
  #room: Promise<void> | undefined;
  #ended = false;

  constructor(call: WatchCall, board: ServiceBoard, topic: string | undefined) {
    this.#call = call;
    this.#board = board;
    this.#topic = topic;
  }

  /** Resolves when the call has ended: everything was handed to the network, or the client is gone. */
  get gone(): Promise<void> {
    if (this.#call.cancelled) return Promise.resolve();
    return new Promise((resolve) => this.#call.once('cancelled', resolve));
  }

  /** Tells how its service stands as soon as there is room; settles when there is room again. */
  tell(): void | Promise<void> {
    if (this.#room !== undefined) return this.#room.then(() => this.tell());
    this.#write(this.#board.statusOf(this.#topic));
    return this.#room;
  }

  /** The last word to a client that watches something known, room or not. */
  bidFarewell(): void {
    if (this.#status !== 'SERVICE_UNKNOWN') this.#write('NOT_SERVING');
  }

  /** Ends the call well, after what was written. */
  end(): void {
    if (this.#isOver) return;
    this.#ended = true;
    this.#call.end();
  }

  /** Ends the call with a status, after what was written. */
  fail(status: CallStatus): void {
    if (this.#isOver) return;
    this.#ended = true;
    this.#call.emit('error', status);
  }

  get #isOver(): boolean {
    return this.#ended || this.#call.cancelled;
  }

  /** Writes `status` now, room or not, unless the client knows it already. */
  #write(status: ServingStatus): void {
    if (this.#isOver || status === this.#status) return;
    this.#status = status;
    if (this.#call.write({ status }) || this.#room !== undefined) return;
    this.#room = new Promise((resolve) => {
      this.#call.once('drain', () => {
        this.#room = undefined;
        resolve();
      });
    });
  }
}
