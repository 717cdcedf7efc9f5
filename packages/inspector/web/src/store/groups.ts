import { isForeign, type ShownKind } from '../../../src/protocol/shownActor.ts';
import type { ActorRow, Actors } from './actors.ts';

/** Group of actors: those of one kind, and monitors also by the part of their name before the last `/`. */
export type Group = {
  readonly key: string;
  readonly label: string;
  readonly kind: ShownKind;
  /** Slots in the order of their names. */
  readonly slots: readonly number[];
};

const kindOrder: readonly ShownKind[] = ['supervisor', 'monitor', 'notifier', 'session', 'actor'];

/** Returns the name of a kind, singular and plural. A kind of a plain XState program goes by its machine. */
export function kindLabel(kind: ShownKind): { readonly one: string; readonly plural: string } {
  if (kind === 'supervisor') return { one: kind, plural: kind };
  const one = kind.startsWith('actor:') ? kind.slice('actor:'.length) : kind;
  return { one, plural: one === kind ? `${one}s` : one };
}

/** Returns all actors in groups, ordered by kind and then by name. */
export function groupsOf(actors: Actors): readonly Group[] {
  const members = new Map<string, { kind: ShownKind; label: string; rows: ActorRow[] }>();
  for (const actor of actors.rows) {
    if (actor === undefined) continue;
    const label = labelOf(actor);
    const key = isForeign(actor.kind) ? `actor ${label}` : `${actor.kind} ${label}`;
    const group = members.get(key);
    if (group === undefined) members.set(key, { kind: actor.kind, label, rows: [actor] });
    else group.rows.push(actor);
  }
  return Array.from(members, ([key, { kind, label, rows }]) => ({
    key,
    label,
    kind,
    slots: inOrder(rows),
  })).sort((a, b) => placeOf(a.kind) - placeOf(b.kind) || (a.label < b.label ? -1 : 1));
}

/** Whether the names of a kind may be paths, with the group before the last `/`. */
const isPath = (kind: ShownKind): boolean => kind === 'monitor' || isForeign(kind);

/** Returns the name of an actor inside its group. */
export function shortName({ kind, name }: ActorRow): string {
  return isPath(kind) ? name.slice(name.lastIndexOf('/') + 1) : name;
}

const placeOf = (kind: ShownKind): number => kindOrder.indexOf(isForeign(kind) ? 'actor' : kind);

function labelOf({ kind, name }: ActorRow): string {
  const end = isPath(kind) ? name.lastIndexOf('/') : -1;
  return end > 0 ? name.slice(0, end) : kindLabel(kind).plural;
}

function inOrder(rows: readonly ActorRow[]): number[] {
  return rows
    .map(({ slot, name }) => ({ slot, key: name.replace(/\d+/g, (digits) => digits.padStart(9, '0')) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ slot }) => slot);
}
