import type { SupervisorEvent } from '@watchkeeper/core';
import type { JournalEntry } from '../protocol/journalEntry.ts';
import type { ShownActor, ShownKind } from '../protocol/shownActor.ts';
import { Redactor } from '../redact/redact.ts';
import { entryOf, ownerOf } from './entryOfEvent.ts';

/** Entries that are kept for one actor. */
export const entriesKept = 64;

/** Actors that are kept; the one without an event for longest is forgotten first. */
export const actorsRemembered = 2_000;

type StatesOf = (kind: ShownKind, id: string) => ShownActor['value'] | undefined;

/** The last entries of each actor. Secrets are taken out before an entry is kept. */
export class Journal {
  readonly #entries = new Map<string, JournalEntry[]>();
  readonly #statesOf: StatesOf;
  #seq = 0;
  #redactions = 0;

  /** @param statesOf returns the active states of an actor as they are now. */
  constructor(statesOf: StatesOf = () => undefined) {
    this.#statesOf = statesOf;
  }

  /** Number of secrets taken out. */
  get redactions(): number {
    return this.#redactions;
  }

  note(event: SupervisorEvent): void {
    const { kind, id } = ownerOf(event);
    const redactor = new Redactor();
    this.#seq += 1;
    const value = this.#statesOf(kind, id);
    const told = entryOf(event, this.#seq, redactor);
    const entry = value === undefined ? told : { ...told, value };
    this.#redactions += redactor.taken;
    const key = keyOf(kind, id);
    const entries = this.#entries.get(key) ?? [];
    // Entered again at the end, so that the map stands in the order of who was heard of last.
    this.#entries.delete(key);
    this.#entries.set(key, entries);
    entries.push(entry);
    if (entries.length > entriesKept) entries.shift();
    if (this.#entries.size > actorsRemembered) this.#forgetOldest();
  }

  /** Returns the entries of one actor after entry `seq`, oldest first. */
  since(kind: string, id: string, seq: number): readonly JournalEntry[] {
    return (this.#entries.get(keyOf(kind, id)) ?? []).filter((entry) => entry.seq > seq);
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

/** Key of an actor. Events of the supervisor carry no id, so its kind is its key. */
function keyOf(kind: string, id: string): string {
  return kind === 'supervisor' ? kind : `${kind} ${id}`;
}
