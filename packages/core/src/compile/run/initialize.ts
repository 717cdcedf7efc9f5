import type { AnyActorScope, AnyEventObject, AnyMachineSnapshot, AnyStateNode, MachineContext } from 'xstate';
import { INIT_EVENT_TYPE } from '../../xstate/machineInternals.ts';
import { assignInitialContext } from '../build/assign.ts';
import { ATTACHMENT, type AttachmentHolder } from '../perActor/attachment.ts';
import { Recording } from '../perActor/observation.ts';
import { armedTimers } from '../perActor/timers.ts';
import { ChartSnapshot, NO_CHILDREN } from './chartSnapshot.ts';
import type { ConfigurationTable } from './configuration.ts';
import { runPlan, runToCompletion } from './macrostep.ts';
import { MacrostepState } from './macrostepState.ts';
import { entryPlan } from './microstepPlan.ts';

/** The first snapshot of an actor: its context is made, and the chart is entered and run to completion. */
export function initialSnapshot(table: ConfigurationTable, scope: AnyActorScope, input: unknown): ChartSnapshot {
  const event: AnyEventObject = { type: INIT_EVENT_TYPE, input };
  const { context } = table.chart.machine.config as { context?: unknown };
  const given = typeof context === 'function' ? {} : ((context as MachineContext | undefined) ?? {});
  let before = new ChartSnapshot(table.beforeEntry, 'active', given, NO_CHILDREN, undefined, undefined);
  const step = new MacrostepState(scope, event, before, true);
  const slot = (scope.self as AttachmentHolder)[ATTACHMENT]?.observation;
  if (slot !== undefined) slot.dirty = true;
  if (slot?.observer !== undefined) step.recording = new Recording();
  const { recording } = step;
  try {
    if (typeof context === 'function') {
      assignInitialContext(step, input, context as (args: object) => unknown);
      before = step.snapshot();
    }
    runPlan(step, entryPlan(table));
    runToCompletion(step);
    return step.finish(before);
  } catch (error) {
    return new ChartSnapshot(table.beforeEntry, 'error', before.context, before.children, undefined, error);
  } finally {
    if (recording !== undefined) {
      scope.defer(() => slot?.deliver(recording.observation(scope.self, event, armedTimers(scope.self))));
    }
  }
}

/** A snapshot made by the machine itself as one of the compiled chart; one of the chart is returned as it is. */
export function fromMachineSnapshot(
  table: ConfigurationTable,
  snapshot: ChartSnapshot | AnyMachineSnapshot,
): ChartSnapshot {
  if (ChartSnapshot.isOne(snapshot)) return snapshot;
  const { status, context, children, output, error } = snapshot;
  const nodesOf = (stateNodes: readonly AnyStateNode[]) => stateNodes.map(({ id }) => table.chart.node(id));
  const historyValue = snapshot.historyValue as Record<string, AnyStateNode[]>;
  const history = new Map(Object.entries(historyValue).map(([id, nodes]) => [id, nodesOf(nodes)]));
  const configuration = table.configuration(nodesOf(snapshot._nodes), history);
  return new ChartSnapshot(configuration, status, context, children as ChartSnapshot['children'], output, error);
}
