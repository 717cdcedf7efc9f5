import { describe, expect, it } from 'vitest';
import type { ActorStatus } from '../src/protocol/actorStatus.ts';
import { nextProblem, rowsOf } from '../web/src/list/rows.ts';
import type { Actors } from '../web/src/store/actors.ts';
import { groupsOf } from '../web/src/store/groups.ts';
import type { Choices } from '../web/src/store/viewOptions.ts';
import { populated } from './support/populatedActors.ts';

const choices: Choices = {
  find: '',
  statuses: new Set(),
  state: undefined,
  worstFirst: true,
  kind: 'monitor',
  selected: undefined,
  folds: new Map(),
  tab: 'events',
  follows: true,
  showsCoverage: false,
  theme: 'dark',
};

const namesOf = (actors: Actors, chosen: Partial<Choices> = {}) =>
  rowsOf(groupsOf(actors), actors, { ...choices, ...chosen }).map((row) =>
    row.type === 'group' ? `[${row.group.label} ${row.shown}]` : (actors.rows[row.slot]?.name ?? ''),
  );

describe('the rows of the list', () => {
  it('stand worst first, and among equals by name with numbers as numbers', () => {
    const actors = populated(['b10', 'healthy'], ['b9', 'healthy'], ['c', 'unhealthy'], ['d', 'degraded']);
    expect(namesOf(actors)).toEqual(['[monitors 4]', 'c', 'd', 'b9', 'b10']);
    expect(namesOf(actors, { worstFirst: false })).toEqual(['[monitors 4]', 'b9', 'b10', 'c', 'd']);
  });

  it('are grouped by what stands before the last slash', () => {
    const actors = populated(['eu/api', 'healthy'], ['us/api', 'healthy'], ['eu/db', 'healthy']);
    expect(namesOf(actors)).toEqual(['[eu 2]', 'eu/api', 'eu/db', '[us 1]', 'us/api']);
  });

  it('fold a large group that is calm, and open it with its first problem or by hand', () => {
    const many = Array.from({ length: 100 }, (_, index) => [`g/${index}`, 'healthy'] as const);
    const actors = populated(...many);
    expect(namesOf(actors)).toEqual(['[g 100]']);
    expect(namesOf(actors, { folds: new Map([['monitor g', true]]) })).toHaveLength(101);
    expect(namesOf(populated(...many, ['g/x', 'error']))).toHaveLength(102);
  });

  it('keep what is looked for by name, state or status', () => {
    const actors = populated(['api', 'healthy'], ['db', 'unhealthy']);
    expect(namesOf(actors, { find: 'AP' })).toEqual(['[monitors 1]', 'api']);
    expect(namesOf(actors, { statuses: new Set<ActorStatus>(['unhealthy']) })).toEqual(['[monitors 1]', 'db']);
    expect(namesOf(actors, { state: { kind: 'monitor', path: 'watching.cadence.waiting' } })).toHaveLength(3);
    expect(namesOf(actors, { state: { kind: 'monitor', path: 'stopped' } })).toEqual([]);
  });

  it('lead from problem to problem and round again', () => {
    const actors = populated(['a', 'unhealthy'], ['b', 'stale'], ['c', 'healthy']);
    const rows = rowsOf(groupsOf(actors), actors, choices);
    const first = nextProblem(rows, actors, -1);
    const second = nextProblem(rows, actors, first);
    expect([first, second, nextProblem(rows, actors, second)]).toEqual([1, 2, 1]);
    expect(nextProblem([], actors, 0)).toBe(-1);
  });
});
