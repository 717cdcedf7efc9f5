import type { ChartNode, ChartTransition, Move } from '../model/chartNode.ts';
import { initialNodes } from '../model/tree.ts';
import type { Configuration, Plan, Tables } from './configuration.ts';
import { enter, type Microstep, microstepOf } from './microstep.ts';

/** A configuration that plans are made from. */
interface Origin extends Configuration {
  readonly tables: Tables;
  readonly active: ReadonlySet<ChartNode>;
}

/** The plan of transitions taken together; at least one. */
export function makePlan(before: Origin, taken: readonly ChartTransition[]): Plan {
  const { chart, tables, active, history } = before;
  const transitions = chart.semantics.withoutConflicts(taken, active, history);
  for (const { definition } of transitions) tables.coverage.transitions.add(definition);
  return planOf(before, transitions, microstepOf(chart, transitions, active, history));
}

/** The plan of the microstep that enters the chart. */
export function makeEntryPlan(before: Origin): Plan {
  const { chart, history } = before;
  const { root } = chart;
  const active = new Set(before.nodes);
  const move: Move = { source: root, targets: [...initialNodes(root)], reenter: true };
  const entry = enter(chart, [move], active, history, true);
  const none = { exited: [], exitActions: [], transitionActions: [] };
  return planOf(before, [], { ...none, ...entry, active, history, changesStates: true });
}

/** When the machine is done, every active state runs its exit actions, the innermost first. */
function planOf(before: Origin, transitions: readonly ChartTransition[], step: Microstep): Plan {
  const { active, history, completes, changesStates } = step;
  const { tables, chart } = before;
  const { exitOrder } = chart.semantics;
  const nodes = completes ? [...active].sort(exitOrder) : [...active];
  const last = completes ? nodes.flatMap((node) => node.exit) : [];
  const actions = [...step.exitActions, ...step.transitionActions, ...step.entryActions, ...last];
  tables.grow(1 + actions.length);
  const target = changesStates ? tables.configuration(nodes, history) : before;
  return { transitions, actions, changesStates, target };
}
