import {
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  getNextTransitions,
  initialTransition,
  type StateValue,
  transition,
} from 'xstate';
import { markTransitions, TAKEN } from './markTransitions.ts';

/** All that a chart has of one kind, and what of it was never met. */
export interface Covered {
  readonly all: readonly string[];
  readonly missing: readonly string[];
}

/** How much of a chart was met. */
export interface ChartCoverage {
  /** State nodes, by id. */
  readonly states: Covered;
  /** Transitions, as `chart.state event -> target`. */
  readonly transitions: Covered;
}

/** One machine under exploration: pure steps, which note what they meet. No action of the user's is run. */
export class ExploredChart {
  readonly #machine: AnyStateMachine;
  readonly #transitions: readonly string[];
  readonly #taken = new Set<string>();
  readonly #reached = new Set<string>();

  constructor(machine: AnyStateMachine) {
    const marked = markTransitions(machine);
    this.#machine = marked.machine;
    this.#transitions = marked.transitions;
  }

  /** The first state, with the events it sends to others. */
  begin(input: unknown): Reaction {
    return this.#note(initialTransition(this.#machine, input as never));
  }

  /** The state after an event, with the events it sends to others. */
  react(snapshot: AnyMachineSnapshot, event: AnyEventObject): Reaction {
    return this.#note(transition(this.#machine, snapshot as never, event as never));
  }

  /** The events of delayed transitions that may fire in this state. */
  delaysOf(snapshot: AnyMachineSnapshot): readonly AnyEventObject[] {
    const types = getNextTransitions(snapshot).map(({ eventType }) => eventType);
    return [...new Set(types)].filter((type) => type.startsWith('xstate.after.')).map((type) => ({ type }));
  }

  get coverage(): ChartCoverage {
    return {
      states: covered(idsBelow(this.#machine.root), this.#reached),
      transitions: covered(this.#transitions, this.#taken),
    };
  }

  #note([snapshot, actions]: [
    AnyMachineSnapshot,
    readonly { readonly type: string; readonly params: unknown }[],
  ]): Reaction {
    if (snapshot.status === 'error') throw snapshot.error;
    for (const id of idsOf(this.#machine.root, snapshot.value)) this.#reached.add(id);
    const sent: AnyEventObject[] = [];
    for (const { type, params } of actions) {
      if (type === TAKEN) this.#taken.add((params as { id: string }).id);
      else if (type === 'xstate.emit' || type === 'xstate.sendTo') {
        const { event, delay } = params as { event: AnyEventObject; delay?: number };
        if (delay === undefined) sent.push(event);
      }
    }
    return { snapshot, sent };
  }
}

/** The state that follows, and the events sent to others on the way. */
export interface Reaction {
  readonly snapshot: AnyMachineSnapshot;
  readonly sent: readonly AnyEventObject[];
}

function covered(all: readonly string[], met: ReadonlySet<string>): Covered {
  return { all, missing: all.filter((name) => !met.has(name)) };
}

function idsBelow(node: AnyStateNode): string[] {
  return [node.id, ...Object.values<AnyStateNode>(node.states).flatMap(idsBelow)];
}

function idsOf(node: AnyStateNode, value: StateValue | undefined): string[] {
  if (value === undefined) return [node.id];
  const inner = typeof value === 'string' ? { [value]: undefined } : value;
  return [
    node.id,
    ...Object.entries(inner).flatMap(([name, deeper]) => {
      const child = node.states[name] as AnyStateNode | undefined;
      return child === undefined ? [] : idsOf(child, deeper);
    }),
  ];
}
