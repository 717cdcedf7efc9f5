import { standingOf, standings } from '../protocol/actorStatus.ts';
import type { Changes } from '../protocol/changeFrame.ts';
import type { EnteredActor } from '../protocol/serverMessage.ts';
import type { SeenActor } from '../protocol/shownActor.ts';
import { StateTable } from './stateTable.ts';

/** An actor in its slot. The revisions say what a page that last looked at revision n has missed. */
type Seat = {
  readonly view: Pick<SeenActor, 'actorId' | 'kind' | 'id'>;
  readonly enteredAt: number;
  changedAt: number;
  seenAt: number;
  value: SeenActor['value'];
  health: SeenActor['health'];
  state: number;
  standing: number;
};

/** What a page that last looked at some revision has missed. */
export type Missed = {
  readonly ended: readonly number[];
  readonly entered: readonly EnteredActor[];
  readonly changes: Changes;
};

const standingNumbers = new Map<string, number>(standings.map((standing, index) => [standing, index]));

/**
 * Every actor in a numbered slot, with the revision at which it entered and last changed.
 *
 * Whoever looks keeps one number, the revision of its last look; what it missed follows from that, however long
 * it was away. Nothing is queued for anybody.
 */
export class Roster {
  readonly states = new StateTable();
  readonly #seats: (Seat | undefined)[] = [];
  readonly #endedAt: number[] = [];
  readonly #free: number[] = [];
  readonly #slots = new Map<string, number>();
  #revision = 0;
  #changes = 0;

  /** The present revision; grows with every {@link Roster.begin}. */
  get revision(): number {
    return this.#revision;
  }

  /** Actors there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Changes of state seen so far. */
  get changes(): number {
    return this.#changes;
  }

  /** Begins a new revision: what is noted from here on is news to everybody. */
  begin(): void {
    this.#revision += 1;
  }

  /** Notes an actor as it is now: new, changed or just seen again. */
  note(view: SeenActor): void {
    const slot = this.#slots.get(view.actorId);
    const seat = slot === undefined ? undefined : this.#seats[slot];
    if (seat === undefined) this.#enter(view);
    else {
      seat.seenAt = this.#revision;
      if (seat.value !== view.value || seat.health !== view.health) this.#change(seat, view);
    }
  }

  /** Who goes by this actorId, while it is there. */
  find(actorId: string): Pick<SeenActor, 'actorId' | 'kind' | 'id'> | undefined {
    const slot = this.#slots.get(actorId);
    return slot === undefined ? undefined : this.#seats[slot]?.view;
  }

  /** Notes that an actor is gone. */
  end(actorId: string): void {
    const slot = this.#slots.get(actorId);
    if (slot === undefined) return;
    this.#slots.delete(actorId);
    this.#seats[slot] = undefined;
    this.#endedAt[slot] = this.#revision;
    this.#free.push(slot);
  }

  /** Ends every actor that was not noted in this revision. */
  endUnseen(): void {
    for (const seat of this.#seats) {
      if (seat !== undefined && seat.seenAt !== this.#revision) this.end(seat.view.actorId);
    }
  }

  /** What somebody has missed who last looked at `revision`; 0 has seen nothing. */
  since(revision: number, at: number): Missed {
    const ended: number[] = [];
    const entered: EnteredActor[] = [];
    const changed: [slot: number, seat: Seat][] = [];
    for (let slot = 0; slot < this.#seats.length; slot += 1) {
      const seat = this.#seats[slot];
      if (seat === undefined) {
        if (revision > 0 && (this.#endedAt[slot] ?? 0) > revision) ended.push(slot);
      } else if (seat.enteredAt > revision) {
        const { kind, id, actorId } = seat.view;
        entered.push([slot, kind, id, actorId, seat.state, seat.standing]);
      } else if (seat.changedAt > revision) changed.push([slot, seat]);
    }
    return {
      ended,
      entered,
      changes: {
        at,
        slots: Uint32Array.from(changed, ([slot]) => slot),
        states: Uint16Array.from(changed, ([, seat]) => seat.state),
        standings: Uint8Array.from(changed, ([, seat]) => seat.standing),
      },
    };
  }

  #enter(view: SeenActor): void {
    const { actorId, kind, id, value, health } = view;
    const slot = this.#free.pop() ?? this.#seats.length;
    this.#slots.set(actorId, slot);
    this.#seats[slot] = {
      view: { actorId, kind, id },
      enteredAt: this.#revision,
      changedAt: this.#revision,
      seenAt: this.#revision,
      value,
      health,
      state: this.states.numberOf(kind, value),
      standing: standingNumberOf(view),
    };
  }

  #change(seat: Seat, view: SeenActor): void {
    seat.value = view.value;
    seat.health = view.health;
    const state = this.states.numberOf(view.kind, view.value);
    const standing = standingNumberOf(view);
    // A chart makes a new value object even when it takes a transition back to where it was.
    if (state === seat.state && standing === seat.standing) return;
    seat.state = state;
    seat.standing = standing;
    seat.changedAt = this.#revision;
    this.#changes += 1;
  }
}

function standingNumberOf(view: SeenActor): number {
  return standingNumbers.get(standingOf(view)) ?? 0;
}
