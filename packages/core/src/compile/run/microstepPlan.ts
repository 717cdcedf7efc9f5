import type { Action } from '../model/action.ts';
import type { ChartNode, ChartTransition, History, Move } from '../model/chartNode.ts';
import { initialNodes } from '../model/tree.ts';
import type { Candidate, Configuration, ConfigurationTable, Plan } from './configuration.ts';

/** The plan of one transition taken alone. */
export function planOfOne(configuration: Configuration, candidate: Candidate): Plan {
  const { plans } = candidate;
  plans.plan ??= makePlan(configuration, [candidate.transition]);
  return plans.plan;
}

/** The plan of transitions taken together; at least one. */
export function planOf(configuration: Configuration, taken: readonly Candidate[]): Plan {
  const [first, ...others] = taken as [Candidate, ...Candidate[]];
  let tree = first.plans;
  for (const candidate of others) tree = tree.with(candidate);
  tree.plan ??= makePlan(
    configuration,
    taken.map(({ transition }) => transition),
  );
  return tree.plan;
}

/** The plan of the microstep that enters the chart. */
export function entryPlan(table: ConfigurationTable): Plan {
  table.entryPlan ??= makeEntryPlan(table.beforeEntry);
  return table.entryPlan;
}

function makeEntryPlan(before: Configuration): Plan {
  const { root } = before.chart;
  const active = new Set(before.nodes);
  const enter: Move = { source: root, targets: [...initialNodes(root)], reenter: true };
  const entered = entryActions(before, [enter], active, before.history, true);
  return { transitions: [], changesStates: true, ...planEnd(before, entered, active, before.history) };
}

function makePlan(before: Configuration, taken: readonly ChartTransition[]): Plan {
  const { chart, table, active: activeBefore } = before;
  const { semantics } = chart;
  const active = new Set(before.nodes);
  const transitions = semantics.withoutConflicts(taken, active, before.history);
  for (const transition of transitions) table.taken.add(transition);

  const exited = semantics.exitSet(transitions, active, before.history).sort(semantics.exitOrder);
  const history = semantics.remember(exited, active, before.history);
  const actions = exited.flatMap((node) => semantics.exitActions(node));
  for (const node of exited) active.delete(node);
  actions.push(...transitions.flatMap((transition) => transition.actions));

  const entered = entryActions(before, transitions, active, history, false);
  const stays =
    history === before.history &&
    active.size === activeBefore.size &&
    [...active].every((node) => activeBefore.has(node));
  const all = { ...entered, actions: [...actions, ...entered.actions] };
  return { transitions, changesStates: !stays, ...planEnd(before, all, active, history) };
}

interface Entered {
  readonly actions: readonly Action[];
  /** Whether the machine is done. */
  readonly completes: boolean;
}

/** Adds the states that `moves` enter to `active`; returns what runs on the way. */
function entryActions(
  { chart }: Configuration,
  moves: readonly Move[],
  active: Set<ChartNode>,
  history: History,
  isInitial: boolean,
): Entered {
  const { semantics } = chart;
  const { nodes, byDefault } = semantics.entrySet(moves, history);
  if (isInitial) byDefault.add(chart.root);
  const completedNodes = new Set<ChartNode>();
  const actions: Action[] = [];
  let completes = false;
  for (const node of [...nodes].sort(semantics.entryOrder)) {
    active.add(node);
    const own = [...node.entry, ...node.spawns, ...(byDefault.has(node) ? node.initialActions : [])];
    if (node.invokedIds.length === 0) actions.push(...own);
    else
      actions.push(
        (step) => step.expectChildren(node.invokedIds),
        ...own,
        (step) => step.addressMessages(),
      );
    if (node.type !== 'final') continue;
    const completion = semantics.completion(node, active, completedNodes);
    actions.push(...completion.actions);
    completes ||= completion.completesMachine;
  }
  return { actions, completes };
}

/**
 * The end of a plan: its target, and all its actions. When the machine is done, every active state runs its exit
 * actions, the innermost first.
 */
function planEnd(
  { chart, table }: Configuration,
  { actions, completes }: Entered,
  active: ReadonlySet<ChartNode>,
  history: History,
): Pick<Plan, 'actions' | 'target'> {
  if (!completes) return { actions, target: table.configuration([...active], history) };
  const nodes = [...active].sort(chart.semantics.exitOrder);
  return {
    actions: [...actions, ...nodes.flatMap((node) => node.exit)],
    target: table.configuration(nodes, history),
  };
}
