import {
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  getNextTransitions,
  initialTransition,
  transition,
} from 'xstate';
import { ENTERED, markTransitions, TAKEN } from './markTransitions.ts';

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
  readonly #entered = new Set<string>();
  readonly #invoked: ReadonlySet<string>;

  constructor(machine: AnyStateMachine) {
    const marked = markTransitions(machine);
    this.#machine = marked.machine;
    this.#transitions = marked.transitions;
    this.#invoked = new Set(nodesBelow(marked.machine.root).flatMap(({ invoke }) => invoke.map(({ id }) => id)));
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

  /** Whether an event may come in this state: an actor that the chart invokes says nothing while it is not there. */
  canCome({ children }: AnyMachineSnapshot, { type }: AnyEventObject): boolean {
    const id = /^xstate\.(?:done|error)\.actor\.(.*)$/.exec(type)?.[1];
    return id === undefined || !this.#invoked.has(id) || children[id] !== undefined;
  }

  get coverage(): ChartCoverage {
    const states = nodesBelow(this.#machine.root).filter(({ type }) => type !== 'history');
    return {
      states: covered(
        states.map(({ id }) => id),
        this.#entered,
      ),
      transitions: covered(this.#transitions, this.#taken),
    };
  }

  #note([snapshot, actions]: [
    AnyMachineSnapshot,
    readonly { readonly type: string; readonly params: unknown }[],
  ]): Reaction {
    if (snapshot.status === 'error') throw snapshot.error;
    const sent: AnyEventObject[] = [];
    for (const { type, params } of actions) {
      if (type === TAKEN) this.#taken.add((params as { id: string }).id);
      else if (type === ENTERED) this.#entered.add((params as { id: string }).id);
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

function nodesBelow(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values<AnyStateNode>(node.states).flatMap(nodesBelow)];
}
