import type { AnyActorScope, AnyEventObject, AnyMachineSnapshot, MachineContext } from 'xstate';
import { INIT_EVENT_TYPE } from '../../xstate/machineInternals.ts';
import { assignInitialContext } from '../build/assign.ts';
import { ATTACHMENT, type AttachmentHolder } from '../perActor/attachment.ts';
import { Recording } from '../perActor/observation.ts';
import { armedTimers } from '../perActor/timers.ts';
import { type ChartSnapshot, configurationOf, makeSnapshot, NO_CHILDREN } from './chartSnapshot.ts';
import type { Configuration } from './configuration.ts';
import type { ConfigurationTable } from './configurationTable.ts';
import { runPlan, runToCompletion } from './macrostep.ts';
import { MacrostepState } from './macrostepState.ts';

/** The first snapshot of an actor: its context is made, and the chart is entered and run to completion. */
export function initialSnapshot(table: ConfigurationTable, scope: AnyActorScope, input: unknown): ChartSnapshot {
  const event: AnyEventObject = { type: INIT_EVENT_TYPE, input };
  const { context } = table.chart.machine.config as { context?: unknown };
  const given = typeof context === 'function' ? {} : ((context as MachineContext | undefined) ?? {});
  let before = makeSnapshot(table.beforeEntry, 'active', given, NO_CHILDREN, undefined, undefined);
  const step = new MacrostepState(scope, event, before, table.beforeEntry, true);
  const slot = (scope.self as AttachmentHolder)[ATTACHMENT]?.observation;
  if (slot !== undefined) slot.dirty = true;
  if (slot?.observer !== undefined) step.recording = new Recording();
  const { recording } = step;
  try {
    if (typeof context === 'function') {
      assignInitialContext(step, input, context as (args: object) => unknown);
      before = step.snapshot();
    }
    runPlan(step, table.entryPlan);
    runToCompletion(step);
    return step.finish(before);
  } catch (error) {
    return makeSnapshot(table.beforeEntry, 'error', before.context, before.children, undefined, error);
  } finally {
    if (recording !== undefined) {
      scope.defer(() => slot?.deliver(recording.observation(scope.self, event, armedTimers(scope.self))));
    }
  }
}

/** A snapshot made by the machine itself, or copied, as one of the compiled chart; one of the chart as it is. */
export function fromMachineSnapshot(
  configuration: Configuration,
  snapshot: ChartSnapshot | AnyMachineSnapshot,
): ChartSnapshot {
  if (configurationOf(snapshot) !== undefined) return snapshot as ChartSnapshot;
  const { status, context, children, output, error } = snapshot;
  return makeSnapshot(configuration, status, context, children as ChartSnapshot['children'], output, error);
}
