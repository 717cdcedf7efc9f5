import {
  type AnyActorRef,
  type AnyEventObject,
  type AnyStateMachine,
  type AnyStateNode,
  type MachineContext,
  matchesState,
  type SnapshotStatus,
  type StateValue,
} from 'xstate';
import { collectTaken } from './choice.ts';
import type { Candidate, Configuration } from './configuration.ts';

/** Children of an actor by id. */
export type Children = Record<string, AnyActorRef>;

/** Shared by all snapshots without children, since an empty object takes as much memory as one of four. */
export const NO_CHILDREN: Children = Object.freeze({});

/**
 * Snapshot of a compiled chart, in the shape of XState's machine snapshot.
 *
 * Only what differs from one actor to the next is kept in the object; the rest is read through the configuration.
 */
export class ChartSnapshot {
  readonly status: SnapshotStatus;
  readonly output: unknown;
  readonly error: unknown;
  readonly context: MachineContext;
  readonly value: StateValue;
  readonly children: Children;
  readonly #configuration: Configuration;

  constructor(
    configuration: Configuration,
    status: SnapshotStatus,
    context: MachineContext,
    children: Children,
    output: unknown,
    error: unknown,
  ) {
    this.status = status;
    this.output = output;
    this.error = error;
    this.context = context;
    this.value = configuration.value;
    this.children = children;
    this.#configuration = configuration;
  }

  static configurationOf(snapshot: ChartSnapshot): Configuration {
    return snapshot.#configuration;
  }

  static isOne(snapshot: object): snapshot is ChartSnapshot {
    return #configuration in snapshot;
  }

  get machine(): AnyStateMachine {
    return this.#configuration.chart.machine;
  }

  get tags(): Set<string> {
    return this.#configuration.tags;
  }

  get historyValue(): Record<string, AnyStateNode[]> {
    return this.#configuration.historyValue;
  }

  get _nodes(): AnyStateNode[] {
    return this.#configuration.stateNodes;
  }

  matches(testValue: StateValue): boolean {
    return matchesState(testValue, this.value);
  }

  hasTag(tag: string): boolean {
    return this.tags.has(tag);
  }

  /** Whether the event would lead to a transition that does something. Evaluates guards, runs nothing. */
  can(event: AnyEventObject): boolean {
    const taken: Candidate[] = [];
    const configuration = this.#configuration;
    collectTaken(configuration.choice(event.type), this.context, event, configuration, undefined, taken);
    return taken.some(({ transition }) => transition.targets !== undefined || transition.actions.length > 0);
  }

  getMeta(): Record<string, unknown> {
    const met = this._nodes.filter(({ meta }) => meta !== undefined);
    return Object.fromEntries(met.map(({ id, meta }) => [id, meta]));
  }

  toJSON(): object {
    const { status, output, error, context, value, children, historyValue, tags } = this;
    return { status, output, error, context, value, children, historyValue, tags: [...tags] };
  }
}

/** The snapshot as a plain object with all the keys of the interpreter's. */
export function plainSnapshot(snapshot: ChartSnapshot): Record<string, unknown> {
  const { machine, tags, historyValue, _nodes } = snapshot;
  const { matches, hasTag, can, getMeta, toJSON } = ChartSnapshot.prototype;
  const methods = { matches, hasTag, can: can.bind(snapshot), getMeta, toJSON };
  return { ...snapshot, machine, tags, historyValue, _nodes, ...methods };
}

/**
 * Turns everything a snapshot inherits into own properties.
 *
 * When a macrostep throws, XState spreads the last snapshot into the one of the failed actor; what sits on the
 * prototype would be lost.
 */
export function materialize(snapshot: ChartSnapshot): void {
  for (const [key, value] of Object.entries(plainSnapshot(snapshot))) {
    Object.defineProperty(snapshot, key, { value, enumerable: true, configurable: true, writable: true });
  }
}
