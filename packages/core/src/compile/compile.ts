import type {
  ActorLogic,
  AnyActorScope,
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  EmittedFrom,
  EventFromLogic,
  InputFrom,
  Snapshot,
  SnapshotFrom,
} from 'xstate';
import { Chart } from './build/chart.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { ChartSnapshot, plainSnapshot } from './run/chartSnapshot.ts';
import { ConfigurationTable } from './run/configuration.ts';
import { fromMachineSnapshot, initialSnapshot } from './run/initialize.ts';
import { macrostep } from './run/macrostep.ts';
import { fail } from './run/macrostepState.ts';
import type { Semantics } from './semantics/semantics.ts';

/** Actor logic made from a machine, with the types of the machine. */
export interface CompiledLogic<TMachine extends AnyStateMachine>
  extends ActorLogic<
    SnapshotFrom<TMachine>,
    EventFromLogic<TMachine>,
    InputFrom<TMachine>,
    AnyActorScope['system'],
    EmittedFrom<TMachine>
  > {
  /** The definition this was compiled from. */
  readonly machine: TMachine;
  readonly id: TMachine['id'];
  readonly root: TMachine['root'];
  readonly config: TMachine['config'];
  /** The states and transitions that were ever taken, by all actors together; costs the actors nothing. */
  coverage(): Coverage;
}

/**
 * Turns a machine into actor logic that processes events by tables, with the interpreter's semantics.
 *
 * Run it with XState's own `createActor`: snapshots, actions, emitted events, timers and errors are those of the
 * machine itself, a multiple faster. Guards and actions must be pure towards the chart, as XState asks anyway.
 * `after` and delayed events are armed on the system's clock directly, so they do not show in the system's list of
 * scheduled events; and `@xstate.microstep` is not sent to inspectors, who use {@link watchTransitions} instead.
 *
 * @throws {@link UnsupportedFeatureError} when the machine uses something that is not covered, or names a guard,
 *   delay or actor that has no implementation.
 *
 * @example
 * ```ts
 * import { compile } from '@watchkeeper/core';
 * import { createActor, createMachine } from 'xstate';
 *
 * const door = createMachine({
 *   initial: 'closed',
 *   states: { closed: { on: { open: 'opened' } }, opened: { after: { 5000: 'closed' } } },
 * });
 * const actor = createActor(compile(door)).start();
 * actor.send({ type: 'open' });
 * console.log(actor.getSnapshot().value); // 'opened'
 * ```
 */
export function compile<TMachine extends AnyStateMachine>(machine: TMachine): CompiledLogic<TMachine> {
  return compileWithSemantics(undefined, machine);
}

/** As {@link compile}, with other semantics than SCXML's: mutation tests break one rule at a time. */
export function compileWithSemantics<TMachine extends AnyStateMachine>(
  semantics: Semantics | undefined,
  machine: TMachine,
): CompiledLogic<TMachine> {
  const table = new ConfigurationTable(new Chart(machine, semantics));
  const logic: ChartLogic = {
    transition: (snapshot, event, scope) => macrostep(fromMachineSnapshot(table, snapshot), event, scope),
    getInitialSnapshot: (scope, input) => initialSnapshot(table, scope, input),
    start(snapshot, scope) {
      try {
        machine.start(snapshot as never);
      } catch (error) {
        fail(snapshot, scope);
        throw error;
      }
    },
    getPersistedSnapshot(snapshot, options) {
      const plain = ChartSnapshot.isOne(snapshot) ? plainSnapshot(snapshot) : snapshot;
      return machine.getPersistedSnapshot(plain as never, options);
    },
    restoreSnapshot: (persisted, scope) => fromMachineSnapshot(table, machine.restoreSnapshot(persisted, scope)),
  };
  const { id, root, config } = machine;
  return {
    ...logic,
    machine,
    id,
    root,
    config,
    coverage: () => coverageOf(table),
  } as unknown as CompiledLogic<TMachine>;
}

/** The logic before it takes on the types of its machine. */
interface ChartLogic {
  transition(snapshot: ChartSnapshot | AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope): ChartSnapshot;
  getInitialSnapshot(scope: AnyActorScope, input: unknown): ChartSnapshot;
  start(snapshot: ChartSnapshot, scope: AnyActorScope): void;
  getPersistedSnapshot(snapshot: ChartSnapshot, options?: unknown): Snapshot<unknown>;
  restoreSnapshot(persisted: Snapshot<unknown>, scope: AnyActorScope): ChartSnapshot;
}
