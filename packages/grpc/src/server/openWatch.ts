import type {
  CloseReason,
  Connection,
  ConnectionActivity,
  GoawayNotice,
  Notice,
  NotifierOptions,
  Reservation,
  Supervisor,
} from '@watchkeeper/core';
import { maxAgeReason } from '@watchkeeper/core/adapters';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { WatchCall } from './serverCall.ts';
import type { ServiceStatuses } from './serviceStatuses.ts';
import { WatchStream } from './watchStream.ts';

/** Input of {@link openWatch}. */
export interface OpenWatchInput {
  readonly keeper: Pick<Supervisor, 'notifier'>;
  readonly statuses: ServiceStatuses;
  readonly slot: Reservation;
  readonly notifier: NotifierOptions | undefined;
  /** Called once, when its session has ended. */
  readonly onEnded: () => void;
}

/** @returns the status of a call whose session ended for `reason`. */
function endStatus(reason: CloseReason): CallStatus {
  return reason === 'stalled'
    ? { code: statusCode.aborted, details: 'This client took nothing for too long' }
    : { code: statusCode.unavailable, details: `This watch was ended: ${reason}` };
}

/** One Watch as the connection of a session. */
class WatchConnection implements Connection {
  readonly #stream: WatchStream;
  readonly #service: string;
  #isTooOld = false;

  constructor(stream: WatchStream, service: string) {
    this.#stream = stream;
    this.#service = service;
  }

  doing(reason: CloseReason): ConnectionActivity {
    return { what: `grpc.health.v1.Health/Watch ${this.#service}`, closeCode: endStatus(reason).code };
  }

  /** The notifier tells it on the stream, after whatever is still being written. */
  goaway({ reason }: GoawayNotice): void {
    this.#isTooOld = reason === maxAgeReason;
  }

  close(reason: CloseReason): Promise<void> {
    if ((reason === 'forced' && !this.#isTooOld) || reason === 'stopped') this.#stream.sendNotServing();
    this.#stream.fail(endStatus(reason));
    return this.#stream.closed;
  }
}

/**
 * Opens one Watch as a session, which ends the call, and a notifier, which writes to it.
 *
 * The first status is written at once; from then on only the notifier writes.
 */
export function openWatch(call: WatchCall, { keeper, statuses, slot, notifier, onEnded }: OpenWatchInput): void {
  const topic = statuses.topicOf(call.request.service);
  const stream = new WatchStream(call, statuses, topic);
  const session = slot.open(new WatchConnection(stream, call.request.service));
  // A microtask later, so that the notifier first hears that its goaway was delivered.
  call.once('cancelled', () => queueMicrotask(() => session.end('peer')));

  function deliver(notice: Notice): void | Promise<void> {
    if (notice.type === 'health') return stream.sendStatus();
    // Of a Watch that is too old only the stream ends: what it watches goes on.
    if (notice.reason !== maxAgeReason) stream.sendNotServing();
    stream.end(notice);
    return stream.closed;
  }

  void stream.sendStatus();
  const topics = topic === undefined ? [] : [topic];
  const watchNotifier = keeper.notifier(`grpc watch ${session.id}`, deliver, {
    ...notifier,
    topics,
    session: session.id,
  });
  void watchNotifier.closed.then((reason) => {
    if (reason !== 'goaway') session.end(reason);
  });
  void session.closed.then(() => {
    watchNotifier.close();
    onEnded();
  });
}
