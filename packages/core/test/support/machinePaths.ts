import type {
  AnyActorLogic,
  AnyActorScope,
  AnyEventObject,
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
} from 'xstate';
import { getShortestPaths, getSimplePaths } from 'xstate/graph';
import type { Operation } from './interpretedAndCompiled.ts';

/** One event for each descriptor of a machine; for a wildcard, a type that only it matches. */
export function alphabet(machine: AnyStateMachine): AnyEventObject[] {
  const types = new Set(descriptors(machine.root).map((descriptor) => descriptor.replace(/\*$/, 'unforeseen')));
  return [...types, 'unknown'].map((type) => ({ type }));
}

/** All descriptors, also of transitions without effect, which `machine.events` leaves out. */
function descriptors({ transitions, states }: AnyStateNode): string[] {
  return [...transitions.keys(), ...Object.values(states).flatMap((state) => descriptors(state as AnyStateNode))];
}

/** For every state in the graph of a machine: the shortest path to it, and from there each event. */
export function graphPaths(machine: AnyStateMachine): Operation[][] {
  const events = alphabet(machine);
  const paths = getShortestPaths(graphLogic(machine), options(events));
  return [...paths, { steps: [] }].flatMap(({ steps }) => {
    const way = operationsOf(steps);
    return [way, ...events.map((send): Operation[] => [...way, { send }])];
  });
}

/** Every path through the graph that meets no state twice; none where there are too many. */
export function simplePaths(machine: AnyStateMachine): Operation[][] {
  const events = alphabet(machine).filter(({ type }) => !type.startsWith('xstate.') && type !== 'unknown');
  if (getShortestPaths(graphLogic(machine), options(events)).length > 8) return [];
  return getSimplePaths(graphLogic(machine), options(events)).map(({ steps }) => operationsOf(steps));
}

const operationsOf = (steps: readonly { event: AnyEventObject }[]): Operation[] =>
  steps.filter(({ event }) => event.type !== 'xstate.init').map(({ event }) => ({ send: event }));

/** The machine for exploring: a step that throws leads to an error state instead of ending the exploration. */
function graphLogic(machine: AnyStateMachine): AnyActorLogic {
  return {
    getInitialSnapshot: (scope: AnyActorScope, input: unknown) => machine.getInitialSnapshot(scope, input),
    transition(snapshot: AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope) {
      try {
        return machine.transition(snapshot, event, scope);
      } catch (error) {
        return { ...snapshot, status: 'error', error };
      }
    },
  } as unknown as AnyActorLogic;
}

const options = (events: AnyEventObject[]) => ({
  events,
  limit: 3000,
  input: 'some input',
  serializeState: (state: unknown) => {
    const { value, context, status, historyValue } = state as AnyMachineSnapshot;
    const remembered = Object.entries(historyValue).map(([id, nodes]) => [
      id,
      (nodes as { id: string }[]).map((node) => node.id),
    ]);
    return JSON.stringify([value, context, status, remembered]);
  },
  stopWhen: (state: unknown) => {
    const { context, status } = state as AnyMachineSnapshot;
    return (
      status !== 'active' || ((context as { count?: number }).count ?? 0) > 3 || JSON.stringify(context).length > 50
    );
  },
});

/** Every sequence of this length of external events and waits. */
export function everySequence(machine: AnyStateMachine, length: number): Operation[][] {
  const operations: Operation[] = [
    ...alphabet(machine)
      .filter(({ type }) => !type.startsWith('xstate.'))
      .map((send): Operation => ({ send })),
    { passMs: 10 },
    { passMs: 25 },
  ];
  let sequences: Operation[][] = [[]];
  for (let at = 0; at < length; at++)
    sequences = sequences.flatMap((begun) => operations.map((operation) => [...begun, operation]));
  return sequences;
}
