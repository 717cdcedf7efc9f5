import { compile, createLeanActor } from '@watchkeeper/core';
import { type Rules, requireOption, resolveOptions } from '@watchkeeper/core/options';
import { type AnyMachineSnapshot, type AnyStateMachine, fromCallback, type StateValue } from 'xstate';
import { VirtualClock } from '../clock/virtualClock.ts';
import { machineRule } from '../explore/machineRule.ts';
import { anyValue } from './anyValue.ts';
import { ReplayError } from './replayError.ts';

/** One event of an actor's past, and what its guards answered. */
export interface ReplayStep {
  /** The type of the event, as the actor received it. */
  readonly event: string;
  /** The types of the events that the actor raised for itself meanwhile. */
  readonly raised?: readonly string[];
  /** The guards that were asked, in their order, with what each answered. */
  readonly guards?: readonly (readonly [name: string, passed: boolean])[];
}

/** A stretch of one actor's past. */
export interface ReplayRecord {
  /** The active states it begins in. */
  readonly from: StateValue;
  readonly steps: readonly ReplayStep[];
}

const rules: Rules<ReplayRecord> = {
  from: {
    is: 'a state value: a string, or an object of them',
    accepts: (value): value is StateValue => typeof value === 'string' || (typeof value === 'object' && value !== null),
  },
  steps: {
    is: 'an array of { event, raised?, guards? }',
    accepts: (value): value is readonly ReplayStep[] =>
      Array.isArray(value) && value.every((step) => typeof step?.event === 'string'),
  },
};

/**
 * Sends the events of a record to the definition of a machine, whose guards return what was recorded. Actions, delays
 * and invoked actors do nothing: the chart alone is compared with the record.
 *
 * The machine must be made by `setup`, with every action, guard, delay and actor by its name.
 *
 * @returns the active states after each event.
 * @throws {@link ReplayError} when the definition asks other guards than the record answers.
 * @example
 * ```ts
 * import { replay } from '@watchkeeper/testing';
 * import { setup } from 'xstate';
 *
 * const door = setup({ guards: { isLocked: () => false } }).createMachine({
 *   initial: 'closed',
 *   states: { closed: { on: { push: [{ guard: 'isLocked' }, { target: 'open' }] } }, open: {} },
 * });
 * replay(door, { from: 'closed', steps: [{ event: 'push', guards: [['isLocked', false]] }] }); // ['open']
 * ```
 */
export function replay(machine: AnyStateMachine, record: ReplayRecord): readonly StateValue[] {
  requireOption('replay.machine', machineRule, machine);
  const { from, steps } = resolveOptions<ReplayRecord>(
    'replay',
    rules,
    {} as ReplayRecord,
    record === undefined ? {} : record,
  );
  const answers: (readonly [string, boolean])[] = [];
  let failure: ReplayError | undefined;
  const ask = (name: string): boolean => {
    const [recorded, passed] = answers.shift() ?? [];
    if (recorded !== name)
      failure ??= new ReplayError(`The chart asks ${name} where the record has ${recorded ?? 'no guard'}`);
    return passed ?? false;
  };
  const logic = compile(machine.provide(stubsOf(machine, ask)));
  const snapshot = machine.resolveState({ value: from, context: anyValue() });
  const actor = createLeanActor(logic, { snapshot, clock: new VirtualClock() }).start();
  return steps.map(({ event, raised = [], guards = [] }, index) => {
    answers.splice(0, answers.length, ...guards);
    for (const type of [event, ...raised]) actor.send(anyValue({ type }));
    if (failure === undefined && answers[0] !== undefined)
      failure = new ReplayError(`The chart does not ask ${answers[0][0]}`);
    if (failure !== undefined) throw new ReplayError(`${failure.message}: step ${index + 1}, ${event}`);
    return (actor.getSnapshot() as AnyMachineSnapshot).value;
  });
}

/** The implementations of a machine, which do nothing, except that its guards ask. */
function stubsOf({ implementations }: AnyStateMachine, ask: (name: string) => boolean) {
  const all = <Stub>(names: object | undefined, stub: (name: string) => Stub): Record<string, Stub> =>
    Object.fromEntries(Object.keys(names ?? {}).map((name) => [name, stub(name)]));
  return {
    actions: all(implementations.actions, () => () => {}),
    guards: all(implementations.guards, (name) => () => ask(name)),
    // Never reached: no time passes. The events that delays became stand in the record.
    delays: all(implementations.delays, () => 1_000),
    actors: all(implementations.actors, () => fromCallback(() => {})),
  };
}
