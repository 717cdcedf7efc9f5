import { ReservationSpentError } from '../errors.ts';
import type { CloseReason } from '../model/drainReport.ts';
import { endOf, requireReason } from '../notifier/notifier.ts';
import { durationMs, objectWith, requireOption } from '../rules.ts';
import type { SessionActor } from '../supervisor/children.ts';
import type { Connection, Reservation, Session } from './session.ts';

const connectionRule = objectWith<Connection>('goaway', 'close');

/** The public face of one session actor. */
export class SessionFace implements Session {
  readonly #actor: SessionActor;
  #closed: Promise<CloseReason> | undefined;

  constructor(actor: SessionActor) {
    this.#actor = actor;
  }

  get id(): string {
    return this.#actor.getSnapshot().context.id;
  }

  get state(): Session['state'] {
    const snapshot = this.#actor.getSnapshot();
    return snapshot.status === 'active' ? snapshot.value : 'closed';
  }

  get peerLeaving(): boolean {
    return this.#actor.getSnapshot().context.peerLeaving;
  }

  get closed(): Promise<CloseReason> {
    this.#closed ??= endOf(this.#actor);
    return this.#closed;
  }

  get takesWork(): boolean {
    return this.state === 'open' && !this.peerLeaving;
  }

  peerGoaway(timeoutMs = 0): void {
    requireOption('session.peerGoaway.timeoutMs', durationMs, timeoutMs);
    this.#actor.send({ type: 'peer.goaway', timeoutMs });
  }

  end(reason: CloseReason = 'peer'): void {
    requireReason('session.end.reason', reason);
    this.#actor.send({ type: 'end', reason });
  }
}

/** What a slot needs of the supervisor. */
export interface SlotOwner {
  open(connection: Connection): Session;
  release(): void;
}

/** One slot, to be opened or given back, once. */
export class Slot implements Reservation {
  readonly reserved = true;
  readonly #owner: SlotOwner;
  #spent: 'opened' | 'released' | undefined;

  constructor(owner: SlotOwner) {
    this.#owner = owner;
  }

  open(connection: Connection): Session {
    if (this.#spent !== undefined) throw new ReservationSpentError(this.#spent);
    requireOption('session.connection', connectionRule, connection);
    const session = this.#owner.open(connection);
    this.#spent = 'opened';
    return session;
  }

  release(): void {
    if (this.#spent !== undefined) return;
    this.#spent = 'released';
    this.#owner.release();
  }
}
