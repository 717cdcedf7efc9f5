import type { Action, Macrostep } from '../model/action.ts';
import type { ChartNode } from '../model/chartNode.ts';
import { isFinished, rootOf } from '../model/tree.ts';

type Mapper = (args: { context: unknown; event: unknown; self: unknown }) => unknown;

/** Consequences of entering a final state. */
export interface Completion {
  readonly actions: readonly Action[];
  /** Whether the machine is done. */
  readonly completesMachine: boolean;
}

/** The done events of the states that entering the final state `node` finishes, or the end of the machine. */
export function completion(node: ChartNode, active: ReadonlySet<ChartNode>, completed: Set<ChartNode>): Completion {
  const actions: Action[] = [];
  const { parent } = node;
  let above = parent?.type === 'parallel' ? parent : parent?.parent;
  let last = above ?? node;
  if (parent?.type === 'compound') {
    actions.push((step) => step.raise(doneEvent(parent, outputOf(node.output, step))));
  }
  while (above?.type === 'parallel' && !completed.has(above) && isFinished(above, active)) {
    const finished = above;
    completed.add(finished);
    actions.push((step) => step.raise(doneEvent(finished, undefined)));
    last = finished;
    above = finished.parent;
  }
  if (above !== undefined) return { actions, completesMachine: false };
  actions.push((step) => step.complete(machineOutput(step, last)));
  return { actions, completesMachine: true };
}

function doneEvent({ id }: ChartNode, output: unknown) {
  return { type: `xstate.done.state.${id}`, output };
}

function machineOutput(step: Macrostep, last: ChartNode): unknown {
  const root = rootOf(last);
  if (root.output === undefined) return undefined;
  const output = last.parent === undefined ? undefined : outputOf(last.output, step);
  return outputOf(root.output, step, doneEvent(last, output));
}

function outputOf(mapper: unknown, step: Macrostep, event: unknown = step.event): unknown {
  if (typeof mapper !== 'function') return mapper;
  return (mapper as Mapper)({ context: step.context, event, self: step.scope.self });
}
