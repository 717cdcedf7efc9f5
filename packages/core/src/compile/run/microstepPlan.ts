import type { ChartNode, ChartTransition } from '../build/chart.ts';
import type { Action } from '../build/compileAction.ts';
import { initialNodes } from '../model/tree.ts';
import type { Move } from '../semantics/exitSet.ts';
import type { Candidate } from './choice.ts';
import type { Configuration } from './configuration.ts';

/** A microstep worked out beforehand: what it runs, and where it leads. */
export interface Plan {
  readonly transitions: readonly ChartTransition[];
  readonly actions: readonly Action[];
  readonly target: Configuration;
  /** False where the very same states stay active: the configuration is kept, whatever the actions do. */
  readonly moves: boolean;
}

/** The plans of one configuration, by the transitions taken together. */
export class PlanTree {
  plan: Plan | undefined;
  #next: Map<Candidate, PlanTree> | undefined;

  with(candidate: Candidate): PlanTree {
    this.#next ??= new Map();
    let next = this.#next.get(candidate);
    if (next === undefined) {
      next = new PlanTree();
      this.#next.set(candidate, next);
    }
    return next;
  }
}

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

/** The microstep that enters the chart from nowhere. */
export function initialPlan(before: Configuration): Plan {
  const { root } = before.chart;
  const active = new Set(before.nodes);
  const enter: Move = { source: root, targets: [...initialNodes(root)], reenter: true };
  const entered = entryActions(before, [enter], active, before.history, true);
  return { transitions: [], moves: true, ...arrival(before, entered, active, before.history) };
}

function makePlan(before: Configuration, taken: readonly ChartTransition[]): Plan {
  const { chart, active: activeBefore } = before;
  const { laws } = chart;
  const active = new Set(before.nodes);
  const transitions = laws.withoutConflicts(taken, active, before.history);
  for (const transition of transitions) chart.taken.add(transition);

  const left = laws.exitSet(transitions, active, before.history).sort(laws.exitOrder);
  const history = laws.remember(left, active, before.history);
  const actions = left.flatMap((node) => laws.exitActions(node));
  for (const node of left) active.delete(node);
  actions.push(...transitions.flatMap((transition) => transition.actions));

  const entered = entryActions(before, transitions, active, history, false);
  const stays =
    history === before.history &&
    active.size === activeBefore.size &&
    [...active].every((node) => activeBefore.has(node));
  const all = { ...entered, actions: [...actions, ...entered.actions] };
  return { transitions, moves: !stays, ...arrival(before, all, active, history) };
}

interface Entered {
  readonly actions: readonly Action[];
  readonly completes: boolean;
}

function entryActions(
  { chart }: Configuration,
  moves: readonly Move[],
  active: Set<ChartNode>,
  history: Configuration['history'],
  isInitial: boolean,
): Entered {
  const { laws } = chart;
  const { nodes, byDefault } = laws.entrySet(moves, history);
  if (isInitial) byDefault.add(chart.root);
  const completedNodes = new Set<ChartNode>();
  const actions: Action[] = [];
  let completes = false;
  for (const node of [...nodes].sort(laws.entryOrder)) {
    active.add(node);
    const own = [...node.entry, ...node.spawns, ...(byDefault.has(node) ? node.initialActions : [])];
    if (node.invokedIds.length === 0) actions.push(...own);
    else
      actions.push(
        (step) => step.expectChildren(node.invokedIds),
        ...own,
        (step) => step.linkChildren(),
      );
    if (node.type !== 'final') continue;
    const completion = laws.completion(node, active, completedNodes);
    actions.push(...completion.actions);
    completes ||= completion.completesMachine;
  }
  return { actions, completes };
}

/** When the machine is done, every active state runs its exit actions, the innermost first. */
function arrival(
  { chart }: Configuration,
  { actions, completes }: Entered,
  active: ReadonlySet<ChartNode>,
  history: Configuration['history'],
): Pick<Plan, 'actions' | 'target'> {
  if (!completes) return { actions, target: chart.configuration([...active], history) };
  const nodes = [...active].sort(chart.laws.exitOrder);
  return {
    actions: [...actions, ...nodes.flatMap((node) => node.exit)],
    target: chart.configuration(nodes, history),
  };
}
