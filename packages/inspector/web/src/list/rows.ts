import { actorStatuses, problemStatuses } from '../store/actorStatus.ts';
import type { Actors } from '../store/actors.ts';
import type { Group } from '../store/groups.ts';
import type { Choices } from '../store/viewOptions.ts';

/** One line of the list: the head of a group, or an actor. */
export type Row =
  | {
      readonly type: 'group';
      readonly group: Group;
      readonly open: boolean;
      readonly counts: Uint32Array;
      readonly shown: number;
    }
  | {
      readonly type: 'actor';
      readonly slot: number;
      readonly position: number;
      readonly of: number;
      readonly isGrouped: boolean;
    };

/** Up to this many actors no group is folded by itself: there is room for all. */
const fewActors = 80;

/** Returns the lines of the list for these choices. */
export function rowsOf(groups: readonly Group[], actors: Actors, choices: Choices): readonly Row[] {
  const wanted = filterOf(actors, choices);
  const filtered = choices.find !== '' || choices.statuses.size > 0 || choices.state !== undefined;
  return groups.flatMap((group): Row[] => {
    const slots = filtered ? group.slots.filter(wanted) : group.slots;
    if (slots.length === 0) return [];
    const counts = countStatuses(slots, actors);
    if (group.kind === 'supervisor') return actorRows(slots, false);
    const isCalm = !counts.some((count, status) => count > 0 && problemStatuses.has(status));
    const open = choices.folds.get(group.key) ?? (filtered || !isCalm || actors.size <= fewActors);
    const head: Row = { type: 'group', group, open, counts, shown: slots.length };
    if (!open) return [head];
    const ordered = choices.worstFirst ? byStatus(slots, actors, counts) : slots;
    return [head, ...actorRows(ordered, true)];
  });
}

function actorRows(slots: readonly number[], isGrouped: boolean): Row[] {
  return slots.map((slot, index) => ({ type: 'actor', slot, position: index + 1, of: slots.length, isGrouped }));
}

/** Returns the index of the next row after `from` whose actor has a problem, wrapping around; -1 when there is none. */
export function nextProblem(rows: readonly Row[], actors: Actors, from: number): number {
  for (let step = 1; step <= rows.length; step += 1) {
    const index = (from + step + rows.length) % rows.length;
    const row = rows[index];
    if (row?.type === 'actor' && row.isGrouped && problemStatuses.has(actors.statuses[row.slot] ?? 0)) return index;
  }
  return -1;
}

function filterOf(actors: Actors, { find, statuses: chosen, state }: Choices): (slot: number) => boolean {
  const text = find.trim().toLowerCase();
  const numbers = new Set(actorStatuses.flatMap((status, index) => (chosen.has(status) ? [index] : [])));
  return (slot) => {
    const actor = actors.rows[slot];
    if (actor === undefined) return false;
    if (numbers.size > 0 && !numbers.has(actors.statuses[slot] ?? 0)) return false;
    if (state !== undefined && (actor.kind !== state.kind || !actors.pathsOf(slot).includes(state.path))) return false;
    return text === '' || actor.name.toLowerCase().includes(text) || actors.stateLabelOf(slot).includes(text);
  };
}

function countStatuses(slots: readonly number[], actors: Actors): Uint32Array {
  const counts = new Uint32Array(actorStatuses.length);
  for (const slot of slots) {
    const status = actors.statuses[slot] ?? 0;
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** Sorts slots by status, the worst first; slots of one status keep their order. A counting sort, since there are few statuses. */
function byStatus(slots: readonly number[], actors: Actors, counts: Uint32Array): number[] {
  const next = new Uint32Array(counts.length);
  for (let status = 1; status < counts.length; status += 1) {
    next[status] = (next[status - 1] ?? 0) + (counts[status - 1] ?? 0);
  }
  const ordered = new Array<number>(slots.length);
  for (const slot of slots) {
    const status = actors.statuses[slot] ?? 0;
    const place = next[status] ?? 0;
    ordered[place] = slot;
    next[status] = place + 1;
  }
  return ordered;
}
