import type { AnyActorRef, AnyActorScope, AnyEventObject, MachineContext } from 'xstate';
import type { Recording } from '../observation.ts';
import type { Configuration } from './configuration.ts';
import { ChartSnapshot, type Children } from './snapshot.ts';

/** What an action is called with. */
export interface ActionArgs {
  context: MachineContext;
  event: AnyEventObject;
  self: AnyActorRef;
  system: AnyActorScope['system'];
}

type Execute = ((args: ActionArgs, params: unknown) => void) | undefined;

/** A message to a child that the same step is still about to invoke. */
export interface Unlinked {
  to: AnyActorRef | string | undefined;
}

const NO_IDS: readonly string[] = [];

/** One event being worked off, until the chart is at rest: what the snapshot is about to become. */
export class Step {
  readonly scope: AnyActorScope;
  /** The event being answered: the one received, then each raised one. */
  event: AnyEventObject;
  configuration: Configuration;
  context: MachineContext;
  children: Children;
  status: ChartSnapshot['status'];
  output: unknown;
  error: unknown;
  /** Counts what the interpreter would have made a new snapshot for. */
  changes = 0;
  /** Children that the state being entered invokes: messages to them wait until they exist. */
  expected = NO_IDS;
  recording: Recording | undefined;
  /** Told of an entry action that throws after this step, when the actor starts. */
  onLateFailure: (() => void) | undefined;
  #unlinked: Unlinked[] | undefined;
  #raised: AnyEventObject[] | undefined;
  #nextRaised = 0;

  constructor(scope: AnyActorScope, event: AnyEventObject, before: ChartSnapshot) {
    this.scope = scope;
    this.event = event;
    this.configuration = before._configuration;
    this.context = before.context;
    this.children = before.children;
    this.status = before.status;
    this.output = before.output;
    this.error = before.error;
    this.recording = undefined;
    this.onLateFailure = undefined;
    this.#unlinked = undefined;
    this.#raised = undefined;
  }

  args(): ActionArgs {
    const { scope } = this;
    return { context: this.context, event: this.event, self: scope.self, system: scope.system };
  }

  /** Has the actor run a side effect: at once, or on its start while it is not yet running. */
  execute(type: string, info: ActionArgs, params: unknown, exec: Execute): void {
    if (this.recording !== undefined) this.recording.action(type, params);
    if (this.onLateFailure !== undefined && exec !== undefined) exec = watched(exec, this.onLateFailure);
    this.scope.actionExecutor({ type, info, params: params as never, exec });
  }

  raise(event: AnyEventObject): void {
    if (this.#raised === undefined) this.#raised = [event];
    else this.#raised.push(event);
  }

  /** The next raised event, first in first out. */
  nextRaised(): AnyEventObject | undefined {
    return this.#raised?.[this.#nextRaised++];
  }

  complete(output: unknown): void {
    this.status = 'done';
    this.output = output;
    this.changes++;
  }

  addChild(id: string, child: AnyActorRef): void {
    this.children = { ...this.children, [id]: child };
    this.changes++;
  }

  removeChild(id: string | undefined): void {
    this.changes++;
    if (id === undefined || !(id in this.children)) return;
    const { [id]: _removed, ...others } = this.children;
    this.children = others;
  }

  expectChildren(ids: readonly string[]): void {
    this.expected = ids;
  }

  linkLater(message: Unlinked): void {
    this.#unlinked ??= [];
    this.#unlinked.push(message);
  }

  /** The invoked children exist now: messages that were to wait for them are addressed. */
  linkChildren(): void {
    this.expected = NO_IDS;
    for (const message of this.#unlinked ?? []) {
      if (typeof message.to === 'string') message.to = this.children[message.to];
    }
    this.#unlinked = undefined;
  }

  snapshot(): ChartSnapshot {
    return new ChartSnapshot(this.configuration, this.status, this.context, this.children, this.output, this.error);
  }
}

function watched(exec: NonNullable<Execute>, onFailure: () => void): NonNullable<Execute> {
  return (args, params) => {
    try {
      exec(args, params);
    } catch (error) {
      onFailure();
      throw error;
    }
  };
}
