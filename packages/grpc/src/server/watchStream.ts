import type { CallStatus } from '../protocol/callStatus.ts';
import type { ServingStatus } from '../protocol/healthProto.ts';
import { hintMetadata, type MigrationHint } from '../protocol/migrationHint.ts';
import type { WatchCall } from './serverCall.ts';
import type { ServiceStatuses } from './serviceStatuses.ts';

/**
 * The only writer of one Watch call: never writes a status twice in a row, to a full stream, or after the end.
 *
 * A change of health runs through ten thousand of them, so each keeps little and makes promises only when asked.
 */
export class WatchStream {
  readonly #call: WatchCall;
  readonly #statuses: ServiceStatuses;
  readonly #topic: string | undefined;
  #status: ServingStatus | undefined;
  #room: Promise<void> | undefined;
  #ended = false;

  constructor(call: WatchCall, statuses: ServiceStatuses, topic: string | undefined) {
    this.#call = call;
    this.#statuses = statuses;
    this.#topic = topic;
  }

  /** Resolves when the call has ended: everything was handed to the network, or the client is gone. */
  get closed(): Promise<void> {
    if (this.#call.cancelled) return Promise.resolve();
    return new Promise((resolve) => this.#call.once('cancelled', resolve));
  }

  /** Writes the present status of its service as soon as there is room; settles when there is room again. */
  sendStatus(): void | Promise<void> {
    if (this.#room !== undefined) return this.#room.then(() => this.sendStatus());
    this.#write(this.#statuses.statusOf(this.#topic));
    return this.#room;
  }

  /** Writes NOT_SERVING at once, room or not, unless the service is unknown: the last status before the end. */
  sendNotServing(): void {
    if (this.#status !== 'SERVICE_UNKNOWN') this.#write('NOT_SERVING');
  }

  /** Ends the call well, after what was written, and says where to go. */
  end(hint: MigrationHint): void {
    if (this.#isOver) return;
    this.#ended = true;
    this.#call.end(hintMetadata(hint));
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
