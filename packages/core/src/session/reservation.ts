import { ReservationSpentError } from '../errors.ts';
import { objectWith, requireOption } from '../rules.ts';
import type { Connection, Reservation, Session } from './session.ts';

const connectionRule = objectWith<Connection>('goaway', 'close');

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
