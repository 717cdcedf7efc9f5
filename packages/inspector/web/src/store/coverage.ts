import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import type { Actors } from './actors.ts';
import type { Moment } from './moments.ts';
import { stepTransitions } from './takenTransitions.ts';

/** Coverage of a chart: states by path, transitions by index in the graph. */
export type Covered = { readonly states: ReadonlySet<string>; readonly transitions: ReadonlySet<number> };

/** Returns the coverage by all actors of a kind since the program started; of a kind that is not counted, what this page saw. */
export function coveredByAll(actors: Actors, kind: ShownKind, graph: ChartGraph): Covered {
  const { states, taken } = actors.coverage.get(kind) ?? { states: [], taken: [] };
  return {
    states: states.length > 0 ? new Set(states) : actors.seenPaths(kind),
    transitions: stepTransitions(graph, { taken }),
  };
}

/** Returns the coverage by one actor in the moments that are kept. */
export function coveredByOne(moments: readonly Moment[], present: readonly string[]): Covered {
  return {
    states: new Set([...present, ...moments.flatMap(({ paths }) => paths)]),
    transitions: new Set(moments.flatMap(({ taken }) => Array.from(taken))),
  };
}

/**
 * Returns what of a chart was never taken. The root and history states are not counted, nor are transitions that only
 * forbid an event: nothing of those could be seen.
 */
export function uncoveredOf({ states, transitions }: ChartGraph, covered: Covered) {
  const countable = states.filter(({ path, type }) => path !== '' && type !== 'history');
  const felt = transitions.flatMap(({ to, guard, actions }, index) =>
    to === undefined && guard === undefined && actions.length === 0 ? [] : [index],
  );
  return {
    states: countable.filter(({ path }) => !covered.states.has(path)),
    ofStates: countable.length,
    transitions: felt.filter((index) => !covered.transitions.has(index)),
    ofTransitions: felt.length,
  };
}
