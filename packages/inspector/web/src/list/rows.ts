import { problemNumbers, standings } from '../store/actorStatus.ts';
import type { Population } from '../store/actors.ts';
import type { Group } from '../store/groups.ts';
import type { Choices } from '../store/viewOptions.ts';

/** One line of the list: a group's head, or an actor. */
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

/** Below this many actors nothing is folded by itself: there is room for all. */
const fewActors = 80;

/** The lines of the list as the choices ask for them. */
export function rowsOf(groups: readonly Group[], population: Population, choices: Choices): readonly Row[] {
  const wanted = filterOf(population, choices);
  const filtered = choices.find !== '' || choices.standings.size > 0 || choices.state !== undefined;
  return groups.flatMap((group): Row[] => {
    const slots = filtered ? group.slots.filter(wanted) : group.slots;
    if (slots.length === 0) return [];
    const counts = countStandings(slots, population);
    if (group.kind === 'supervisor') return actorRows(slots, false);
    const isCalm = !counts.some((count, standing) => count > 0 && problemNumbers.has(standing));
    const open = choices.folds.get(group.key) ?? (filtered || !isCalm || population.size <= fewActors);
    const head: Row = { type: 'group', group, open, counts, shown: slots.length };
    if (!open) return [head];
    const ordered = choices.worstFirst ? byStanding(slots, population, counts) : slots;
    return [head, ...actorRows(ordered, true)];
  });
}

function actorRows(slots: readonly number[], isGrouped: boolean): Row[] {
  return slots.map((slot, index) => ({ type: 'actor', slot, position: index + 1, of: slots.length, isGrouped }));
}

/** The next row after `from` whose actor calls for a person, going round; -1 when there is none. */
export function nextProblem(rows: readonly Row[], population: Population, from: number): number {
  for (let step = 1; step <= rows.length; step += 1) {
    const index = (from + step + rows.length) % rows.length;
    const row = rows[index];
    if (row?.type === 'actor' && row.isGrouped && problemNumbers.has(population.standings[row.slot] ?? 0)) return index;
  }
  return -1;
}

function filterOf(population: Population, { find, standings: chosen, state }: Choices): (slot: number) => boolean {
  const text = find.trim().toLowerCase();
  const numbers = new Set(standings.flatMap((standing, index) => (chosen.has(standing) ? [index] : [])));
  return (slot) => {
    const resident = population.residents[slot];
    if (resident === undefined) return false;
    if (numbers.size > 0 && !numbers.has(population.standings[slot] ?? 0)) return false;
    if (state !== undefined && (resident.kind !== state.kind || !population.pathsOf(slot).includes(state.path)))
      return false;
    return text === '' || resident.name.toLowerCase().includes(text) || population.wordsOf(slot).includes(text);
  };
}

function countStandings(slots: readonly number[], population: Population): Uint32Array {
  const counts = new Uint32Array(standings.length);
  for (const slot of slots) {
    const standing = population.standings[slot] ?? 0;
    counts[standing] = (counts[standing] ?? 0) + 1;
  }
  return counts;
}

/** Worst first; those that stand alike stay in the order of their names. One pass, since there are few standings. */
function byStanding(slots: readonly number[], population: Population, counts: Uint32Array): number[] {
  const next = new Uint32Array(counts.length);
  for (let standing = 1; standing < counts.length; standing += 1) {
    next[standing] = (next[standing - 1] ?? 0) + (counts[standing - 1] ?? 0);
  }
  const ordered = new Array<number>(slots.length);
  for (const slot of slots) {
    const standing = population.standings[slot] ?? 0;
    const place = next[standing] ?? 0;
    ordered[place] = slot;
    next[standing] = place + 1;
  }
  return ordered;
}
