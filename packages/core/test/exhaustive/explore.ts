import type { AnyActorLogic, AnyActorScope, AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import { mark } from './mark.ts';

/** How far a chart is explored. */
export interface Exploration {
  readonly input: unknown;
  readonly events: readonly AnyEventObject[];
  /** What tells two states apart beside where the chart stands. */
  readonly remembers: (context: never) => unknown;
}

/** What an exploration found. */
export interface Coverage {
  readonly states: number;
  readonly steps: number;
  readonly transitions: readonly string[];
  readonly untaken: readonly string[];
}

const limit = 40_000;

/** Follows every event from every state that can be reached, on pure snapshots: no effect is run. */
export function explore(chart: AnyStateMachine, explorations: readonly Exploration[]): Coverage {
  const { machine, transitions } = mark(chart);
  const taken = new Set<unknown>();
  let states = 0;
  let steps = 0;
  const note = ({ type, params }: { type: string; params: unknown }) => {
    if (type === 'mark') taken.add((params as { id: string }).id);
  };
  const watched = (scope: AnyActorScope): AnyActorScope => ({ ...scope, actionExecutor: note });
  const logic = {
    getInitialSnapshot: (scope: AnyActorScope, input: unknown) => machine.getInitialSnapshot(watched(scope), input),
    transition(snapshot: AnyMachineSnapshot, event: AnyEventObject, scope: AnyActorScope) {
      steps += 1;
      return machine.transition(snapshot, event, watched(scope));
    },
  } as unknown as AnyActorLogic;
  for (const { input, events, remembers } of explorations) {
    const map = getAdjacencyMap(logic, {
      input,
      events: [...events],
      limit,
      serializeState: (state) => {
        const { value, context, status } = state as AnyMachineSnapshot;
        return JSON.stringify([value, status, remembers(context as never)]);
      },
      stopWhen: ({ status }) => status !== 'active',
    });
    states += Object.keys(map).length;
    if (steps > limit * explorations.length) throw new Error('the chart has more states than can be explored');
  }
  return { states, steps, transitions, untaken: transitions.filter((transition) => !taken.has(transition)) };
}

/** The coverage in one line. */
export function sayCoverage(name: string, { states, steps, transitions, untaken }: Coverage): string {
  const share = ((100 * (transitions.length - untaken.length)) / transitions.length).toFixed(1);
  return `${name}: ${states} states, ${steps} steps, ${transitions.length} transitions, ${share} % taken`;
}
