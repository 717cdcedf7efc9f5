import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Step } from '../../../src/protocol/step.ts';

/** Returns the transitions of a step by index in the graph; those it does not have are left out. */
export function stepTransitions({ transitions }: ChartGraph, { taken }: Pick<Step, 'taken'>): ReadonlySet<number> {
  const indices = taken.map(({ from, to, on, guard }) =>
    transitions.findIndex((each) => each.from === from && each.to === to && each.on === on && each.guard === guard),
  );
  return new Set(indices.filter((index) => index >= 0));
}

/** Returns the transitions that can lead from the states before to the states after. */
export function takenTransitions(
  { transitions }: ChartGraph,
  before: readonly string[],
  after: readonly string[],
): ReadonlySet<number> {
  const entered = new Set(after.filter((path) => !before.includes(path)));
  const candidates = transitions.flatMap(({ from, to }, index) =>
    to !== undefined && entered.has(to) && (from === '' || before.includes(from)) ? [{ index, from, to }] : [],
  );
  // A transition of the state itself comes before one of a state around it.
  const isOutdone = ({ from, to }: { from: string; to: string }) =>
    candidates.some(
      (other) => other.to === to && other.from !== from && other.from.startsWith(from === '' ? '' : `${from}.`),
    );
  return new Set(candidates.filter((candidate) => !isOutdone(candidate)).map(({ index }) => index));
}
