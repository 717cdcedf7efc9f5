import type { ActorView } from '@watchkeeper/core';
import type { StateEntry } from '../protocol/serverMessage.ts';
import type { ShownKind } from '../protocol/shownActor.ts';

/** Most states that are numbered, in two bytes; the last number stands for all further states. */
export const mostStates = 60_000;

/** Numbers the state values of each kind in the order they are first seen, so that a change takes two bytes. */
export class StateTable {
  readonly #entries: StateEntry[] = [];
  readonly #numbers = new Map<string, number>();
  /** A compiled chart uses one object for one value, so the number is found without serialising it. */
  readonly #known = new WeakMap<object, { kind: ShownKind; number: number }>();

  get entries(): readonly StateEntry[] {
    return this.#entries;
  }

  numberOf(kind: ShownKind, value: ActorView['value']): number {
    if (typeof value === 'string') return this.#find(kind, value);
    const known = this.#known.get(value);
    if (known?.kind === kind) return known.number;
    const number = this.#find(kind, value);
    this.#known.set(value, { kind, number });
    return number;
  }

  #find(kind: ShownKind, value: ActorView['value']): number {
    const key = `${kind} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const next = this.#entries.length;
    if (next >= mostStates) return mostStates - 1;
    this.#entries.push([kind, value]);
    this.#numbers.set(key, next);
    return next;
  }
}
