import type { RefusalReason } from '../events/events.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { ConnectionActivity } from '../model/drainReport.ts';
import type { GoawayNotice } from '../model/notice.ts';

/**
 * The connection of one admitted client, as its adapter hands it over. The session actor is from then on the
 * only one that calls it, and calls each method at most once.
 */
export interface Connection {
  /** Tells the peer to go. It may still finish what it has begun, for `notice.graceMs`. */
  goaway(notice: GoawayNotice): void | Promise<void>;
  /** Ends the connection; settles when it is gone. A rejection counts as gone and is an event. */
  close(reason: CloseReason): void | Promise<void>;
  /**
   * Returns what the connection is doing, for {@link DrainReport.clients}; asked right before {@link Connection.close}, with
   * its reason. What is wrong in the answer is left out, and a path loses its query.
   */
  doing?(reason: CloseReason): ConnectionActivity | undefined;
}

/** One admitted connection. */
export interface Session {
  readonly id: string;
  /** Where it stands in its life; an inbound goaway shows in {@link Session.peerLeaving}. */
  readonly state: 'open' | 'draining' | 'closing' | 'closed';
  /** Whether the peer said that it is going: send it no new work (INV-36). */
  readonly peerLeaving: boolean;
  /** Resolves once, with the reason, when the connection has ended. Never rejects. */
  readonly closed: Promise<CloseReason>;
  /** Whether the peer may be sent new work: it is open, and neither side has said that it is going (INV-36, INV-37). */
  readonly takesWork: boolean;
  /**
   * Replaces the topics that the client follows, for `maxSessionsPerTopic`: call it when the client asks for others than
   * those of its reservation.
   *
   * @returns the refusal when a topic that is new to it has no room, and then nothing changes; `undefined` otherwise, and
   * after the end.
   * @throws {@link InvalidOptionError} when `topics` is no array of strings.
   */
  follow(topics: readonly string[]): Refusal | undefined;
  /**
   * Call when the peer announces that it is going. The session stays open until the peer ends it; where the supervisor's
   * `onPeerGoaway` is `close`, no longer than `timeoutMs`, which the peer stated, in milliseconds. The first call counts.
   *
   * @throws {@link InvalidOptionError} when `timeoutMs` is no number of milliseconds from 0.
   */
  peerGoaway(timeoutMs?: number): void;
  /**
   * Call when the connection has ended (`'peer'`, the default), or to end it for another reason.
   *
   * Harmless in every state, so nobody has to ask first: the first call decides the reason and closes the connection,
   * once. While it closes, `'peer'` says that it has gone; every other call, and each one after the end, does nothing.
   */
  end(reason?: CloseReason): void;
}

/** A slot taken before any per-client resource exists: open it or give it back. */
export interface Reservation {
  readonly reserved: true;
  /**
   * Turns the slot into a session. Opened while the supervisor drains, the session is born draining.
   *
   * @throws {@link ReservationSpentError} when the slot was opened or released before.
   */
  open(connection: Connection): Session;
  /** Gives the slot back; harmless after {@link Reservation.open} or a first release. */
  release(): void;
}

/** The answer when no slot is given: `capacity` is full for now, `overload` has too much to do, `draining` is going away. */
export interface Refusal {
  readonly reserved: false;
  readonly reason: RefusalReason;
  /** When trying again may help, in milliseconds. */
  readonly retryAfterMs: number;
}
