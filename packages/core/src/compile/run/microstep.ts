import type { Chart } from '../build/chart.ts';
import type { Action } from '../model/action.ts';
import type { ChartNode, ChartTransition, History, Move } from '../model/chartNode.ts';

/** A microstep before its parts are put together: what transitions exit and enter, and what runs on the way. */
export interface Microstep {
  readonly exited: readonly ChartNode[];
  readonly entered: readonly ChartNode[];
  readonly exitActions: readonly Action[];
  readonly transitionActions: readonly Action[];
  readonly entryActions: readonly Action[];
  /** The active states afterwards, in the order in which the interpreter would keep them. */
  readonly active: ReadonlySet<ChartNode>;
  readonly history: History;
  /** Whether the machine is done. */
  readonly completes: boolean;
  /** False where the very same states stay active. */
  readonly changesStates: boolean;
}

/** The microstep of transitions that do not conflict, from the active states of a chart or of one of its regions. */
export function microstepOf(
  chart: Chart,
  transitions: readonly ChartTransition[],
  activeBefore: ReadonlySet<ChartNode>,
  historyBefore: History,
): Microstep {
  const { semantics } = chart;
  const active = new Set(activeBefore);
  const exited = semantics.exitSet(transitions, active, historyBefore).sort(semantics.exitOrder);
  const history = semantics.remember(exited, active, historyBefore);
  for (const node of exited) active.delete(node);
  const entry = enter(chart, transitions, active, history, false);
  const stays =
    history === historyBefore &&
    active.size === activeBefore.size &&
    [...active].every((node) => activeBefore.has(node));
  return {
    exited,
    exitActions: exited.flatMap((node) => semantics.exitActions(node)),
    transitionActions: transitions.flatMap(({ actions }) => actions),
    active,
    history,
    changesStates: !stays,
    ...entry,
  };
}

/** Adds the states that `moves` enter to `active`; returns them, and what runs on the way. */
export function enter(
  { semantics, root }: Chart,
  moves: readonly Move[],
  active: Set<ChartNode>,
  history: History,
  isInitial: boolean,
): Pick<Microstep, 'entered' | 'entryActions' | 'completes'> {
  const { nodes, byDefault } = semantics.entrySet(moves, history);
  if (isInitial) byDefault.add(root);
  const entered = [...nodes].sort(semantics.entryOrder);
  const completedNodes = new Set<ChartNode>();
  const entryActions: Action[] = [];
  let completes = false;
  for (const node of entered) {
    active.add(node);
    const own = [...node.entry, ...node.spawns, ...(byDefault.has(node) ? node.initialActions : [])];
    if (node.invokedIds.length === 0) entryActions.push(...own);
    else
      entryActions.push(
        (step) => step.expectChildren(node.invokedIds),
        ...own,
        (step) => step.addressMessages(),
      );
    if (node.type !== 'final') continue;
    const completion = semantics.completion(node, active, completedNodes);
    entryActions.push(...completion.actions);
    completes ||= completion.completesMachine;
  }
  return { entered, entryActions, completes };
}
