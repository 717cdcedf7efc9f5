import { isForeign, type ShownKind } from '../../../src/protocol/shownActor.ts';
import type { Population, Resident } from './actors.ts';

/** Actors that are shown together: those of one kind, monitors also by what stands before the last `/` of their name. */
export type Group = {
  readonly key: string;
  readonly label: string;
  readonly kind: ShownKind;
  /** In the order of their names. */
  readonly slots: readonly number[];
};

const kindOrder: readonly ShownKind[] = ['supervisor', 'monitor', 'notifier', 'session', 'actor'];

/** What one actor of a kind is called, and several. Those of a machine that is not ours go by its name. */
export function kindWords(kind: ShownKind): { readonly one: string; readonly plural: string } {
  if (kind === 'supervisor') return { one: kind, plural: kind };
  const one = kind.startsWith('actor:') ? kind.slice('actor:'.length) : kind;
  return { one, plural: one === kind ? `${one}s` : one };
}

/** Every actor in its group, the groups by kind and then by name. */
export function groupsOf(population: Population): readonly Group[] {
  const members = new Map<string, { kind: ShownKind; label: string; residents: Resident[] }>();
  for (const resident of population.residents) {
    if (resident === undefined) continue;
    const label = labelOf(resident);
    const key = isForeign(resident.kind) ? `actor ${label}` : `${resident.kind} ${label}`;
    const group = members.get(key);
    if (group === undefined) members.set(key, { kind: resident.kind, label, residents: [resident] });
    else group.residents.push(resident);
  }
  return Array.from(members, ([key, { kind, label, residents }]) => ({
    key,
    label,
    kind,
    slots: inOrder(residents),
  })).sort((a, b) => placeOf(a.kind) - placeOf(b.kind) || (a.label < b.label ? -1 : 1));
}

/** Whether the names of a kind may be paths, with the group before the last `/`. */
const isPath = (kind: ShownKind): boolean => kind === 'monitor' || isForeign(kind);

/** The name of an actor inside its group. */
export function shortName({ kind, name }: Resident): string {
  return isPath(kind) ? name.slice(name.lastIndexOf('/') + 1) : name;
}

const placeOf = (kind: ShownKind): number => kindOrder.indexOf(isForeign(kind) ? 'actor' : kind);

function labelOf({ kind, name }: Resident): string {
  const end = isPath(kind) ? name.lastIndexOf('/') : -1;
  return end > 0 ? name.slice(0, end) : kindWords(kind).plural;
}

function inOrder(residents: readonly Resident[]): number[] {
  return residents
    .map(({ slot, name }) => ({ slot, key: name.replace(/\d+/g, (digits) => digits.padStart(9, '0')) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ slot }) => slot);
}
