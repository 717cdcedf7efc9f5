import { ReservationSpentError } from '../errors.ts';
import { objectWith, requireOption } from '../rules.ts';
import type { Connection, Reservation, Session } from './session.ts';

const connectionRule = objectWith<Connection>('goaway', 'close');

/** The part of the supervisor that a reserved slot calls. */
export interface ReservedSlotOwner {
  open(connection: Connection): Session;
  release(): void;
}

/** One slot that is reserved, to be opened or given back once. */
export class ReservedSlot implements Reservation {
  readonly reserved = true;
  readonly #owner: ReservedSlotOwner;
  #spent: 'opened' | 'released' | undefined;

  constructor(owner: ReservedSlotOwner) {
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
