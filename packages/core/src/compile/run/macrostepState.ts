import type { AnyActorRef, AnyActorScope, AnyEventObject, MachineContext } from 'xstate';
import type { Recording } from '../perActor/observation.ts';
import { cancelAllTimers } from '../perActor/timers.ts';
import { ChartSnapshot, type Children, NO_CHILDREN, ownEverything } from './chartSnapshot.ts';
import type { Configuration } from './configuration.ts';

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
  /** Whether the actor has yet to start, so that its effects wait until it does. */
  readonly isFirst: boolean;
  #made: ChartSnapshot | undefined;
  #unlinked: Unlinked[] | undefined;
  #raised: AnyEventObject[] | undefined;
  #nextRaised = 0;

  constructor(scope: AnyActorScope, event: AnyEventObject, before: ChartSnapshot, isFirst: boolean) {
    this.isFirst = isFirst;
    this.scope = scope;
    this.event = event;
    this.configuration = ChartSnapshot.configurationOf(before);
    this.context = before.context;
    this.children = before.children;
    this.status = before.status;
    this.output = before.output;
    this.error = before.error;
    this.recording = undefined;
    this.#made = undefined;
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
    this.scope.actionExecutor({ type, info, params: params as never, exec: this.isFirst ? this.#watched(exec) : exec });
  }

  /** Puts something off until the actor has taken on the snapshot this step leads to. */
  defer(effect: () => void): void {
    this.scope.defer(() => {
      try {
        effect();
      } catch (error) {
        this.#failLate();
        throw error;
      }
    });
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
    this.children = Object.keys(others).length === 0 ? NO_CHILDREN : others;
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

  /** The snapshot this step leads to: the same as before when nothing changed. */
  finish(before: ChartSnapshot): ChartSnapshot {
    this.#made = this.changes === 0 ? before : this.snapshot();
    return this.#made;
  }

  snapshot(): ChartSnapshot {
    return new ChartSnapshot(this.configuration, this.status, this.context, this.children, this.output, this.error);
  }

  #watched(exec: Execute): Execute {
    if (exec === undefined) return undefined;
    return (args, params) => {
      try {
        exec(args, params);
      } catch (error) {
        this.#failLate();
        throw error;
      }
    };
  }

  #failLate(): void {
    if (this.#made !== undefined) fail(this.#made, this.scope);
  }
}

/** Readies an actor's last snapshot for XState to mark it failed, and ends what the actor has armed. */
export function fail(snapshot: ChartSnapshot, scope: AnyActorScope): void {
  cancelAllTimers(scope.self);
  ownEverything(snapshot);
}
