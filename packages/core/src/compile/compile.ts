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
import { WatchkeeperError } from '../errors.ts';
import { type Rule, requireOption } from '../rules.ts';
import { isMachine } from '../xstate/machineInternals.ts';
import { type CompileOptions, resolveCompileOptions } from './compileOptions.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { UnsupportedFeatureError } from './model/unsupportedFeatureError.ts';
import { cancelAllTimers } from './perActor/timers.ts';
import type { ChartSnapshot } from './run/chartSnapshot.ts';
import { ChartTables, type TableOptions } from './run/chartTables.ts';
import { fromMachineSnapshot, initialSnapshot } from './run/initialize.ts';
import { macrostep } from './run/macrostep.ts';
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
  /**
   * The implementations of the machine. Hosts of XState replace them while actors run: what is put here counts from the
   * next event on.
   */
  implementations: TMachine['implementations'];
  /** Finds a state node by its id, as the machine does. */
  getStateNodeById(id: string): TMachine['root'];
  /** The states and transitions that were ever taken, by all actors together; costs the actors nothing. */
  coverage(): Coverage;
}

const machineRule: Rule<AnyStateMachine> = { is: 'a machine of XState 5', accepts: isMachine };

/**
 * Turns a machine into actor logic that processes events by tables, with the interpreter's semantics.
 *
 * Run it with XState's own `createActor`: snapshots, actions, emitted events, timers and errors are those of the
 * machine itself, a multiple faster. Guards and actions must be pure towards the chart, as XState asks anyway.
 * What differs stands in one list in the README of this package.
 *
 * @throws {@link UnsupportedFeatureError} when the machine uses something that is not covered, or names a guard,
 *   delay or actor that has no implementation, unless `missing` is `defer`.
 * @throws {@link InvalidOptionError} when `machine` is no machine of XState 5, or an option breaks its rule.
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
export function compile<TMachine extends AnyStateMachine>(
  machine: TMachine,
  options?: CompileOptions,
): CompiledLogic<TMachine> {
  return compileWith(machine, resolveCompileOptions(options));
}

/** As {@link compile}, with other semantics than SCXML's: mutation tests break one rule at a time. */
export function compileWithSemantics<TMachine extends AnyStateMachine>(
  semantics: Semantics | undefined,
  machine: TMachine,
  options?: CompileOptions,
): CompiledLogic<TMachine> {
  return compileWith(machine, { ...resolveCompileOptions(options), semantics });
}

function compileWith<TMachine extends AnyStateMachine>(
  machine: TMachine,
  options: TableOptions,
): CompiledLogic<TMachine> {
  const tables = tablesOf(machine, options);
  const logic: ChartLogic = {
    transition(snapshot, event, scope) {
      const current = tables.currentOf(snapshot);
      if (current !== undefined) return macrostep(snapshot as ChartSnapshot, current, event, scope);
      const configuration = tables.configurationOf(snapshot);
      return macrostep(fromMachineSnapshot(configuration, snapshot), configuration, event, scope);
    },
    getInitialSnapshot: (scope, input) => initialSnapshot(tables.table, scope, input),
    start(snapshot, scope) {
      try {
        machine.start(snapshot as never);
      } catch (error) {
        cancelAllTimers(scope.self);
        throw error;
      }
    },
    getPersistedSnapshot: (snapshot, options) => machine.getPersistedSnapshot(snapshot as never, options),
    restoreSnapshot(persisted, scope) {
      const restored = machine.restoreSnapshot(persisted, scope);
      return fromMachineSnapshot(tables.configurationOf(restored), restored);
    },
    get implementations() {
      return tables.implementations;
    },
    set implementations(implementations) {
      tables.implementations = implementations;
    },
    getStateNodeById: (id) => machine.getStateNodeById(id),
    coverage: () => coverageOf(tables.coverage),
  };
  const { id, root, config } = machine;
  return Object.assign(logic, { machine, id, root, config }) as unknown as CompiledLogic<TMachine>;
}

/** @throws UnsupportedFeatureError also for what XState itself finds wrong only when it comes to use it. */
function tablesOf(machine: AnyStateMachine, options: TableOptions): ChartTables {
  requireOption('compile.machine', machineRule, machine);
  try {
    return new ChartTables(machine, options);
  } catch (error) {
    if (error instanceof WatchkeeperError) throw error;
    throw new UnsupportedFeatureError(`a chart that XState cannot resolve (${(error as Error).message})`, machine.id);
  }
}

/** The logic before it takes on the types of its machine. */
interface ChartLogic {
  transition(snapshot: ChartSnapshot | AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope): ChartSnapshot;
  getInitialSnapshot(scope: AnyActorScope, input: unknown): ChartSnapshot;
  start(snapshot: ChartSnapshot, scope: AnyActorScope): void;
  getPersistedSnapshot(snapshot: ChartSnapshot, options?: unknown): Snapshot<unknown>;
  restoreSnapshot(persisted: Snapshot<unknown>, scope: AnyActorScope): ChartSnapshot;
  implementations: AnyStateMachine['implementations'];
  getStateNodeById(id: string): AnyStateMachine['root'];
  coverage(): Coverage;
}
