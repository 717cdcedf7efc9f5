import { NotAdmittingError } from '../errors.ts';
import type { SupervisorOwnEvent } from '../events/events.ts';
import { requireOption, text } from '../rules.ts';
import type { Admission, Slot } from '../session/admission.ts';
import { type Admit, askAdmit } from '../session/admit.ts';
import { drawAge } from '../session/connectionAge.ts';
import { ReservedSlot } from '../session/reservation.ts';
import { type ReserveOptions, type ResolvedReserveOptions, resolveReserveOptions } from '../session/reserveOptions.ts';
import type { Connection, Refusal, Reservation, Session } from '../session/session.ts';
import { SessionHandle, type SessionOwner } from '../session/sessionHandle.ts';
import type { SessionActor } from '../session/sessionMachine.ts';
import type { Children } from './children.ts';
import { requireAdded } from './children.ts';
import type { Phase } from './phase.ts';
import type { SupervisorCommand } from './supervisorContext.ts';

/** The parts of a supervisor that reservations need. */
export interface ReservationsInput {
  readonly admission: Admission;
  readonly admit: Admit;
  readonly random: () => number;
  /** What a reservation is that says nothing else. */
  readonly defaults: ResolvedReserveOptions;
  readonly sessions: Children['sessions'];
  readonly phase: () => Phase;
  readonly send: (command: SupervisorCommand) => void;
  readonly publish: (event: SupervisorOwnEvent) => void;
}

/** Reserves slots for clients, and opens their sessions. */
export class Reservations implements SessionOwner {
  readonly #input: ReservationsInput;
  #serial = 0;

  constructor(input: ReservationsInput) {
    this.#input = input;
  }

  reserve(peer: string | undefined, given: ReserveOptions | undefined): Reservation | Refusal {
    if (peer !== undefined) requireOption('reserve.peer', text, peer);
    const { admission, phase, random, defaults, sessions } = this.#input;
    const options = resolveReserveOptions(defaults, given);
    const { whileDraining, topics, below } = options;
    const isPart = below !== undefined && sessions.get(below) !== undefined;
    const present = phase();
    const reserved = present !== 'draining' ? 'beforeDrain' : whileDraining ? 'whileDraining' : 'inDrain';
    const slot: Slot = { peer, topics, age: drawAge(options, random), reserved, isPart };
    const refusal =
      admission.take(slot, whileDraining && present !== 'stopped') ??
      (present === 'draining' || isPart ? undefined : this.#refuseByLoad(slot));
    if (refusal !== undefined) return this.#publish(refusal, peer);
    return new ReservedSlot({
      open: (connection) => this.#open(slot, connection),
      release: () => admission.give(slot),
    });
  }

  follow(actor: SessionActor, topics: readonly string[]): Refusal | undefined {
    const { slot } = actor.getSnapshot().context;
    const refusal = this.#input.admission.follow(slot, topics);
    return refusal && this.#publish(refusal, slot.peer);
  }

  #publish(refusal: Refusal, peer: string | undefined): Refusal {
    const { reserved: _, ...why } = refusal;
    this.#input.publish({ type: 'admission.refused', ...why, ...(peer === undefined ? {} : { peer }) });
    return refusal;
  }

  /** Asks with the slot taken, so that the limits hold even for an `admit` that reserves; gives it back on a refusal. */
  #refuseByLoad(slot: Slot): Refusal | undefined {
    const { admission, admit, publish } = this.#input;
    try {
      const refusal = askAdmit(admit, slot.peer);
      if (refusal !== undefined) admission.give(slot);
      return refusal;
    } catch (cause) {
      publish({ type: 'admit.failed', cause });
      return undefined;
    }
  }

  #open(slot: Slot, connection: Connection): Session {
    const { sessions, phase, send } = this.#input;
    if (phase() === 'stopped') throw new NotAdmittingError('a session', 'stopped');
    this.#serial += 1;
    const id = String(this.#serial);
    send({ type: 'open', id, slot, connection });
    return new SessionHandle(requireAdded('a session', sessions.get(id), phase()).actor, this);
  }
}
