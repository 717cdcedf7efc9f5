import { actorStatuses, actorStatusOf } from '../protocol/actorStatus.ts';
import type { Changes } from '../protocol/changeFrame.ts';
import type { EnteredActor } from '../protocol/serverMessage.ts';
import type { ShownActor } from '../protocol/shownActor.ts';
import { StateTable } from './stateTable.ts';

/** One actor of the table, with the revisions at which it was added, last changed and last seen. */
type TableRow = {
  readonly view: Pick<ShownActor, 'actorId' | 'kind' | 'id'>;
  readonly enteredAt: number;
  changedAt: number;
  seenAt: number;
  value: ShownActor['value'];
  health: ShownActor['health'];
  state: number;
  status: number;
};

/** Changes since the revision that a page last saw. */
export type Missed = {
  readonly ended: readonly number[];
  readonly entered: readonly EnteredActor[];
  readonly changes: Changes;
};

const statusNumbers = new Map<string, number>(actorStatuses.map((status, index) => [status, index]));

/**
 * Table of all actors by slot, with the revision at which each was added and last changed.
 *
 * A reader keeps one number, the revision it last read; what it missed follows from that, however long it was away.
 * Nothing is queued for a reader.
 */
export class ActorTable {
  readonly states = new StateTable();
  readonly #rows: (TableRow | undefined)[] = [];
  readonly #endedAt: number[] = [];
  readonly #free: number[] = [];
  readonly #slots = new Map<string, number>();
  #revision = 0;
  #changes = 0;

  /** Current revision; grows with every {@link ActorTable.begin}. */
  get revision(): number {
    return this.#revision;
  }

  /** Number of actors. */
  get size(): number {
    return this.#slots.size;
  }

  /** Changes of state seen so far. */
  get changes(): number {
    return this.#changes;
  }

  /** Begins a new revision: what is noted from here on is new to every reader. */
  begin(): void {
    this.#revision += 1;
  }

  /** Notes an actor as it is now: new, changed or just seen again. */
  note(view: ShownActor): void {
    const slot = this.#slots.get(view.actorId);
    const row = slot === undefined ? undefined : this.#rows[slot];
    if (row === undefined) this.#add(view);
    else {
      row.seenAt = this.#revision;
      if (row.value !== view.value || row.health !== view.health) this.#change(row, view);
    }
  }

  /** Returns the actor with this actorId, while it is there. */
  find(actorId: string): Pick<ShownActor, 'actorId' | 'kind' | 'id'> | undefined {
    const slot = this.#slots.get(actorId);
    return slot === undefined ? undefined : this.#rows[slot]?.view;
  }

  /** Removes an actor. */
  remove(actorId: string): void {
    const slot = this.#slots.get(actorId);
    if (slot === undefined) return;
    this.#slots.delete(actorId);
    this.#rows[slot] = undefined;
    this.#endedAt[slot] = this.#revision;
    this.#free.push(slot);
  }

  /** Removes every actor that was not noted in this revision. */
  removeUnseen(): void {
    for (const row of this.#rows) {
      if (row !== undefined && row.seenAt !== this.#revision) this.remove(row.view.actorId);
    }
  }

  /** Returns the changes since `revision`; since 0, all actors. */
  since(revision: number, at: number): Missed {
    const ended: number[] = [];
    const entered: EnteredActor[] = [];
    const changed: [slot: number, row: TableRow][] = [];
    for (let slot = 0; slot < this.#rows.length; slot += 1) {
      const row = this.#rows[slot];
      if (row === undefined) {
        if (revision > 0 && (this.#endedAt[slot] ?? 0) > revision) ended.push(slot);
      } else if (row.enteredAt > revision) {
        const { kind, id, actorId } = row.view;
        entered.push([slot, kind, id, actorId, row.state, row.status]);
      } else if (row.changedAt > revision) changed.push([slot, row]);
    }
    return {
      ended,
      entered,
      changes: {
        at,
        slots: Uint32Array.from(changed, ([slot]) => slot),
        states: Uint16Array.from(changed, ([, row]) => row.state),
        statuses: Uint8Array.from(changed, ([, row]) => row.status),
      },
    };
  }

  #add(view: ShownActor): void {
    const { actorId, kind, id, value, health } = view;
    const slot = this.#free.pop() ?? this.#rows.length;
    this.#slots.set(actorId, slot);
    this.#rows[slot] = {
      view: { actorId, kind, id },
      enteredAt: this.#revision,
      changedAt: this.#revision,
      seenAt: this.#revision,
      value,
      health,
      state: this.states.numberOf(kind, value),
      status: statusNumberOf(view),
    };
  }

  #change(row: TableRow, view: ShownActor): void {
    row.value = view.value;
    row.health = view.health;
    const state = this.states.numberOf(view.kind, view.value);
    const status = statusNumberOf(view);
    // A chart makes a new value object even when it takes a transition back to where it was.
    if (state === row.state && status === row.status) return;
    row.state = state;
    row.status = status;
    row.changedAt = this.#revision;
    this.#changes += 1;
  }
}

function statusNumberOf(view: ShownActor): number {
  return statusNumbers.get(actorStatusOf(view)) ?? 0;
}
