import type { CloseReason, Connection, Notice, NotifierOptions, Reservation, Supervisor } from '@watchkeeper/core';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import type { WatchCall } from './serverCall.ts';
import type { ServiceBoard } from './serviceStatuses.ts';
import { WatchStream } from './watchStream.ts';

/** What a Watch is opened with. */
export interface WatchTerms {
  readonly keeper: Pick<Supervisor, 'notifier'>;
  readonly board: ServiceBoard;
  readonly slot: Reservation;
  readonly notifier: NotifierOptions | undefined;
  /** Called once, when its session has ended. */
  readonly onEnded: () => void;
}

/** How a call ends whose session was ended by us. */
function endStatus(reason: CloseReason): CallStatus {
  return reason === 'stalled'
    ? { code: statusCode.aborted, details: 'This client took nothing for too long' }
    : { code: statusCode.unavailable, details: `This watch was ended: ${reason}` };
}

/** What the session of a Watch closes. */
class WatchConnection implements Connection {
  readonly #stream: WatchStream;

  constructor(stream: WatchStream) {
    this.#stream = stream;
  }

  goaway(): void {
    // The notifier tells it on the stream, after whatever is still being written.
  }

  close(reason: CloseReason): Promise<void> {
    if (reason === 'forced' || reason === 'stopped') this.#stream.bidFarewell();
    this.#stream.fail(endStatus(reason));
    return this.#stream.gone;
  }
}

/**
 * Opens one Watch as a session, which ends the call, and a notifier, which writes to it.
 *
 * The first status is written at once; from then on only the notifier writes.
 */
export function openWatch(call: WatchCall, { keeper, board, slot, notifier, onEnded }: WatchTerms): void {
  const topic = board.topicOf(call.request.service);
  const stream = new WatchStream(call, board, topic);
  const session = slot.open(new WatchConnection(stream));
  // A moment later, for the notifier is to hear first that its goaway was taken.
  call.once('cancelled', () => queueMicrotask(() => session.end('peer')));

  function deliver(notice: Notice): void | Promise<void> {
    if (notice.type === 'health') return stream.tell();
    stream.bidFarewell();
    stream.end();
    return stream.gone;
  }

  void stream.tell();
  const topics = topic === undefined ? [] : [topic];
  const outbox = keeper.notifier(`grpc watch ${session.id}`, deliver, {
    ...notifier,
    topics,
    session: session.id,
  });
  void outbox.closed.then((reason) => {
    if (reason !== 'goaway') session.end(reason);
  });
  void session.closed.then(() => {
    outbox.close();
    onEnded();
  });
}
