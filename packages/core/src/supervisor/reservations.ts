import { NotAdmittingError } from '../errors.ts';
import type { SupervisorOwnEvent } from '../events/events.ts';
import { requireOption, text } from '../rules.ts';
import type { Admission, Slot } from '../session/admission.ts';
import { ReservedSlot } from '../session/reservation.ts';
import { type ReserveOptions, resolveReserveOptions } from '../session/reserveOptions.ts';
import type { Connection, Refusal, Reservation, Session } from '../session/session.ts';
import { SessionHandle } from '../session/sessionHandle.ts';
import type { Children } from './children.ts';
import { requireAdded } from './children.ts';
import type { Phase } from './phase.ts';
import type { SupervisorCommand } from './supervisorContext.ts';

/** The parts of a supervisor that reservations need. */
export interface ReservationsInput {
  readonly admission: Admission;
  readonly sessions: Children['sessions'];
  readonly phase: () => Phase;
  readonly send: (command: SupervisorCommand) => void;
  readonly publish: (event: SupervisorOwnEvent) => void;
}

/** Reserves slots for clients, and opens their sessions. */
export class Reservations {
  readonly #input: ReservationsInput;
  #serial = 0;

  constructor(input: ReservationsInput) {
    this.#input = input;
  }

  reserve(peer: string | undefined, given: ReserveOptions | undefined): Reservation | Refusal {
    if (peer !== undefined) requireOption('reserve.peer', text, peer);
    const { whileDraining, topics } = resolveReserveOptions(given);
    const { admission, phase, publish } = this.#input;
    const slot: Slot = { peer, topics };
    const refusal = admission.take(slot, whileDraining && phase() !== 'stopped');
    if (refusal !== undefined) {
      const { reserved: _, ...why } = refusal;
      publish({ type: 'admission.refused', ...why, ...(peer === undefined ? {} : { peer }) });
      return refusal;
    }
    return new ReservedSlot({
      open: (connection) => this.#open(slot, connection),
      release: () => admission.give(slot),
    });
  }

  #open(slot: Slot, connection: Connection): Session {
    const { sessions, phase, send } = this.#input;
    if (phase() === 'stopped') throw new NotAdmittingError('a session', 'stopped');
    this.#serial += 1;
    const id = String(this.#serial);
    send({ type: 'open', id, slot, connection });
    return new SessionHandle(requireAdded(sessions.get(id)).actor);
  }
}
