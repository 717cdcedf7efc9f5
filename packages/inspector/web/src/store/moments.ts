import { type ChartGraph, triggerOf } from '../../../src/chart/chartGraph.ts';
import type { SelectedActor } from './selectedActor.ts';
import { activePaths } from './stateLabel.ts';
import { stepTransitions, takenTransitions } from './takenTransitions.ts';
import type { VisitedState } from './visitedState.ts';

/** A moment of an actor's past at which its state is known. */
export type Moment = {
  readonly key: string;
  readonly at: number;
  /** Name of what happened. */
  readonly words: string;
  /** The active states afterwards. */
  readonly paths: readonly string[];
  /** Transitions that led there, by index in the graph. */
  readonly taken: ReadonlySet<number>;
};

/** A moment whose transitions may be unknown. */
type UntracedMoment = Omit<Moment, 'taken'> & Partial<Moment>;

const noneTaken: ReadonlySet<number> = new Set();

/**
 * Returns the moments of an actor, oldest first: journal entries from before it was watched, then each step since. Where
 * neither is known, the states that were seen.
 */
export function momentsOf(
  { from, steps, entries, visitedStates }: Pick<SelectedActor, 'from' | 'steps' | 'entries' | 'visitedStates'>,
  graph: ChartGraph | undefined,
): readonly Moment[] {
  const startedAt = steps[0]?.at ?? Number.POSITIVE_INFINITY;
  const kept = entries.flatMap(({ seq, at, type, value }) =>
    value === undefined || at >= startedAt ? [] : [{ key: `e${seq}`, at, words: type, paths: activePaths(value) }],
  );
  const beginning =
    from === undefined || steps.length === 0
      ? []
      : [{ key: 'from', at: startedAt, words: 'before', paths: activePaths(from) }];
  const seen = steps.map((step) => ({
    key: `s${step.seq}`,
    at: step.at,
    words: triggerOf(step.type),
    paths: activePaths(step.value),
    taken: graph === undefined ? noneTaken : stepTransitions(graph, step),
  }));
  const known: readonly UntracedMoment[] = [...kept, ...beginning, ...seen];
  const all = known.length > 0 ? known : visitedStates.map(untraced);
  return all.map((moment, index): Moment => {
    const before = all[index - 1]?.paths;
    const isKnown = graph !== undefined && before !== undefined;
    const taken = moment.taken ?? (isKnown ? takenTransitions(graph, before, moment.paths) : noneTaken);
    return { ...moment, taken };
  });
}

function untraced({ at, paths }: VisitedState): UntracedMoment {
  return { key: `p${at}`, at, words: 'state', paths };
}
