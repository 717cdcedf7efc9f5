import type { AnyActorRef, AnyActorScope, AnyEventObject, AnyStateMachine, MachineContext } from 'xstate';
import type { ActiveStates } from './guard.ts';

/**
 * A compiled action: its names are looked up and its options read. It changes the macrostep or has the actor run an
 * effect.
 */
export type Action = (step: Macrostep) => void;

/** A compiled built-in action. It may be called by name and then gets the parameters of the call. */
export type Builtin = (step: Macrostep, params?: unknown) => void;

/** Place of an action in a machine. */
export interface ActionPlace {
  /** The machine whose implementations give the names of actions, guards, delays and actors a meaning. */
  readonly machine: AnyStateMachine;
  /** Id of the state node the action stands on, for errors. */
  readonly path: string;
  /** What becomes of a name without an implementation: it is refused, or left to fail when it is used. */
  readonly missing: 'refuse' | 'defer';
}

/** Arguments of an action's function. */
export interface ActionArgs {
  context: MachineContext;
  event: AnyEventObject;
  self: AnyActorRef;
  system: AnyActorScope['system'];
}

/** A message whose receiver is a child that the same macrostep has yet to invoke. */
export interface UnaddressedMessage {
  /** The id of the child until it is invoked, then the child. */
  to: AnyActorRef | string | undefined;
}

/** A macrostep as its actions see it. The one implementation is `MacrostepState`. */
export interface Macrostep {
  readonly scope: AnyActorScope;
  /** The machine of the actor. */
  readonly machine: AnyStateMachine;
  /** The event being processed: the one received, then each raised one. */
  readonly event: AnyEventObject;
  readonly configuration: ActiveStates;
  context: MachineContext;
  children: Readonly<Record<string, AnyActorRef>>;
  /** Counts what the interpreter would have made a new snapshot for. */
  changes: number;
  /** Ids of the children that the state being entered is about to invoke. */
  readonly expectedChildren: readonly string[];

  /** Makes the arguments for an action's function. */
  args(): ActionArgs;
  /** Has the actor run a side effect: at once, or on its start while it is not yet running. */
  execute(
    type: string,
    info: ActionArgs,
    params: unknown,
    exec: ((args: ActionArgs, params: unknown) => void) | undefined,
  ): void;
  /** Puts an effect off until the actor has taken on the snapshot this macrostep leads to. */
  defer(effect: () => void): void;
  /** Queues an event for this macrostep. */
  raise(event: AnyEventObject): void;
  /** Marks the machine as done. */
  complete(output: unknown): void;
  addChild(id: string, child: AnyActorRef): void;
  removeChild(id: string | undefined): void;
  /** Announces the children that the state being entered invokes. */
  expectChildren(ids: readonly string[]): void;
  /** Keeps a message until its receiver is invoked. */
  addressLater(message: UnaddressedMessage): void;
  /** Addresses the messages kept for the children announced by {@link Macrostep.expectChildren}. */
  addressMessages(): void;
}
