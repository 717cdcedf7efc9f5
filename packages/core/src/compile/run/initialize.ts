import type { AnyActorScope, AnyEventObject, AnyMachineSnapshot, AnyStateNode, MachineContext } from 'xstate';
import { INIT_EVENT } from '../../xstate/machineInternals.ts';
import { assignInitialContext } from '../build/assign.ts';
import type { Chart } from '../build/chart.ts';
import { Recording } from '../perActor/observation.ts';
import { ASIDE, type AsideHolder } from '../perActor/timers.ts';
import { ChartSnapshot, NO_CHILDREN } from './chartSnapshot.ts';
import { follow, settle } from './macrostep.ts';
import { Step } from './macrostepState.ts';

/** The first snapshot of an actor: its context made, the chart entered and at rest. */
export function enter(chart: Chart, scope: AnyActorScope, input: unknown): ChartSnapshot {
  const event: AnyEventObject = { type: INIT_EVENT, input };
  const { context } = chart.machine.config as { context?: unknown };
  const given = typeof context === 'function' ? {} : ((context as MachineContext | undefined) ?? {});
  let before = new ChartSnapshot(chart.outside, 'active', given, NO_CHILDREN, undefined, undefined);
  const step = new Step(scope, event, before, true);
  const slot = (scope.self as AsideHolder)[ASIDE]?.observation;
  if (slot !== undefined) slot.dirty = true;
  if (slot?.observer !== undefined) step.recording = new Recording();
  const { recording } = step;
  try {
    if (typeof context === 'function') {
      assignInitialContext(step, input, context as (args: object) => unknown);
      before = step.snapshot();
    }
    follow(step, chart.entrance);
    settle(step);
    return step.finish(before);
  } catch (error) {
    return new ChartSnapshot(chart.outside, 'error', before.context, before.children, undefined, error);
  } finally {
    if (recording !== undefined) scope.defer(() => slot?.deliver(recording.observation(scope.self, event)));
  }
}

/** Takes over a snapshot that the machine itself has made. */
export function adopt(chart: Chart, snapshot: ChartSnapshot | AnyMachineSnapshot): ChartSnapshot {
  if (ChartSnapshot.isOne(snapshot)) return snapshot;
  const { status, context, children, output, error } = snapshot;
  const nodesOf = (stateNodes: readonly AnyStateNode[]) => stateNodes.map(({ id }) => chart.node(id));
  const historyValue = snapshot.historyValue as Record<string, AnyStateNode[]>;
  const history = new Map(Object.entries(historyValue).map(([id, nodes]) => [id, nodesOf(nodes)]));
  const configuration = chart.configuration(nodesOf(snapshot._nodes), history);
  return new ChartSnapshot(configuration, status, context, children as ChartSnapshot['children'], output, error);
}
