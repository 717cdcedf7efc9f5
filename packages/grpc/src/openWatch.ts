import type { CloseReason, Notice, NotifierOptions, Reservation, Supervisor } from '@watchkeeper/core';
import { type CallStatus, statusCode } from './callStatus.ts';
import type { WatchCall } from './serverCall.ts';
import type { ServiceBoard } from './serviceBoard.ts';
import { WatchStream } from './watchStream.ts';

/** What a Watch is opened with. */
export interface WatchTerms {
  readonly keeper: Pick<Supervisor, 'notifier'>;
  readonly board: ServiceBoard;
  readonly slot: Reservation;
  readonly notifier: NotifierOptions | undefined;
}

/** How a call ends whose session was ended by us. */
function endStatus(reason: CloseReason): CallStatus {
  return reason === 'stalled'
    ? { code: statusCode.aborted, details: 'This client took nothing for too long' }
    : { code: statusCode.unavailable, details: `This watch was ended: ${reason}` };
}

/**
 * Opens one Watch as a session, which ends the call, and a notifier, which writes to it. Resolves when both have ended.
 *
 * The first status is written at once; from then on only the notifier writes.
 */
export function openWatch(call: WatchCall, { keeper, board, slot, notifier }: WatchTerms): Promise<void> {
  const { service } = call.request;
  const topic = board.topicOf(service);
  const present = () => board.statusOf(topic);
  const stream = new WatchStream(call);

  const session = slot.open({
    goaway() {
      // The notifier tells it on the stream, after whatever is still being written.
    },
    close(reason) {
      if (reason === 'forced' || reason === 'stopped') bidFarewell();
      stream.fail(endStatus(reason));
      return stream.gone;
    },
  });
  void stream.gone.then(() => session.end('peer'));

  /** The last word to a client that watches something known. */
  function bidFarewell(): void {
    if (stream.status !== 'SERVICE_UNKNOWN') stream.write('NOT_SERVING');
  }

  function deliver(notice: Notice): void | Promise<void> {
    if (notice.type === 'health') return stream.tell(present);
    bidFarewell();
    stream.end();
    return stream.gone;
  }

  stream.write(present());
  const topics = topic === undefined ? [] : [topic];
  const outbox = keeper.notifier(`grpc watch ${session.id}`, deliver, {
    ...notifier,
    topics,
    session: session.id,
  });
  void outbox.closed.then((reason) => {
    if (reason !== 'goaway') session.end(reason);
  });
  return session.closed.then(() => outbox.close());
}
