/**
 * Every undocumented part of XState that `compile` uses.
 *
 * `test/compile/xstateInternals.test.ts` fails when a version of XState changes one.
 */
import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyActorScope,
  type AnyEventObject,
  type AnyStateMachine,
  and,
  createActor,
  not,
  or,
  type StateValue,
  stateIn,
} from 'xstate';
import type { Clock } from '../clock/clock.ts';

export const INIT_EVENT_TYPE = 'xstate.init';
export const STOP_EVENT_TYPE = 'xstate.stop';
export const ERROR_ACTOR_PREFIX = 'xstate.error.actor';
export const WILDCARD = '*';

type Args = object;
type Expression<T> = T | ((args: Args, params: unknown) => T);
type Assignment = (args: Args, params: unknown) => unknown;

/** The built-in actions as XState's action creators leave them: functions that carry their options as fields. */
export type BuiltinAction =
  | { type: 'xstate.assign'; assignment: Assignment | Record<string, unknown> }
  | { type: 'xstate.raise'; event: Expression<AnyEventObject>; id?: string; delay?: Delay }
  | {
      type: 'xstate.sendTo';
      to: Expression<string | AnyActorRef | undefined>;
      event: Expression<AnyEventObject>;
      id?: string;
      delay?: Delay;
    }
  | { type: 'xstate.cancel'; sendId: Expression<string> }
  | { type: 'xstate.emit'; event: Expression<AnyEventObject> }
  | { type: 'xstate.log'; value: unknown; label?: string }
  | ({ type: 'xstate.spawnChild' } & SpawnOptions)
  | { type: 'xstate.stopChild'; actorRef: Expression<string | AnyActorRef | undefined> }
  | { type: 'xstate.enqueueActions'; collect: (args: Args, params: unknown) => void };

export type Delay = string | Expression<number | undefined>;

export interface SpawnOptions {
  id?: string | ((args: Args) => string) | undefined;
  systemId?: string | undefined;
  src: string | AnyActorLogic;
  input?: unknown;
  syncSnapshot?: boolean | undefined;
}

const BUILTIN_TYPES = new Set([
  'xstate.assign',
  'xstate.raise',
  'xstate.sendTo',
  'xstate.cancel',
  'xstate.emit',
  'xstate.log',
  'xstate.spawnChild',
  'xstate.stopChild',
  'xstate.enqueueActions',
]);

/** Tells a built-in action from a plain function; `'unknown'` is a built-in this file does not know. */
export function builtinAction(action: unknown): BuiltinAction | 'unknown' | undefined {
  if (typeof action !== 'function' || !('resolve' in action)) return undefined;
  const candidate = action as unknown as BuiltinAction;
  return BUILTIN_TYPES.has(candidate.type) ? candidate : 'unknown';
}

export type BuiltinGuard =
  | { kind: 'and' | 'or' | 'not'; guards: readonly unknown[] }
  | { kind: 'stateIn'; stateValue: StateValue };

const checkOf = (guard: unknown) => (guard as { check?: unknown }).check;
const CHECKS = new Map<unknown, BuiltinGuard['kind']>([
  [checkOf(and([])), 'and'],
  [checkOf(or([])), 'or'],
  [checkOf(not(() => true)), 'not'],
  [checkOf(stateIn('')), 'stateIn'],
]);

/** Tells `and`, `or`, `not` and `stateIn` from a plain function; `'unknown'` as for actions. */
export function builtinGuard(guard: unknown): BuiltinGuard | 'unknown' | undefined {
  if (typeof guard !== 'function' || !('check' in guard)) return undefined;
  const kind = CHECKS.get(guard.check);
  if (kind === undefined) return 'unknown';
  return { ...(guard as object), kind } as BuiltinGuard;
}

/** The logic behind a `src`: a name from `setup`, or XState's own name for logic written inline in an `invoke`. */
export function referencedLogic(machine: AnyStateMachine, src: string): AnyActorLogic | undefined {
  const inline = /^xstate\.invoke\.(\d+)\.(.*)/.exec(src);
  if (inline === null) return machine.implementations.actors?.[src] as AnyActorLogic | undefined;
  const [, index = '', nodeId = ''] = inline;
  const invoke: unknown = machine.getStateNodeById(nodeId).config.invoke;
  const definition = (Array.isArray(invoke) ? invoke[Number(index)] : invoke) as { src?: unknown } | undefined;
  return definition?.src as AnyActorLogic | undefined;
}

interface HiddenActor {
  _parent?: AnyActorRef;
  _processingStatus?: number;
}
interface HiddenSystem {
  _relay(source: AnyActorRef | undefined, target: AnyActorRef, event: AnyEventObject): void;
  _unregister(actor: AnyActorRef): void;
  _clock: Clock;
}

const RUNNING = 1;
const STOPPED = 2;
const statusOf = (actor: AnyActorRef) => (actor as unknown as HiddenActor)._processingStatus;
const systemOf = (actor: AnyActorRef) => actor.system as unknown as HiddenSystem;

export const isRunning = (actor: AnyActorRef): boolean => statusOf(actor) === RUNNING;
export const isStopped = (actor: AnyActorRef): boolean => statusOf(actor) === STOPPED;
export const parentOf = (actor: AnyActorRef): AnyActorRef | undefined => (actor as unknown as HiddenActor)._parent;

/** The clock of the system the actor lives in. */
export const clockOf = (actor: AnyActorRef): Pick<Clock, 'setTimeout' | 'clearTimeout'> => systemOf(actor)._clock;

/** Delivers an event with its sender, so that inspectors see who sent it. */
export function relay(sender: AnyActorRef, target: AnyActorRef, event: AnyEventObject): void {
  systemOf(sender)._relay(sender, target, event);
}

/** Frees the system ids of an actor and of all its descendants, so that others can take them at once. */
export function unregister(actor: AnyActorRef): void {
  const snapshot: unknown = actor.getSnapshot();
  if (typeof snapshot === 'object' && snapshot !== null && 'children' in snapshot) {
    for (const child of Object.values(snapshot.children as Record<string, AnyActorRef>)) unregister(child);
  }
  systemOf(actor)._unregister(actor);
}

/** Creates, without starting it, a child of the actor behind `scope`. */
export function createChild(
  scope: AnyActorScope,
  logic: AnyActorLogic,
  options: Omit<SpawnOptions, 'id'> & { id: string | undefined },
): AnyActorRef {
  return createActor(logic, { ...options, parent: scope.self } as never) as AnyActorRef;
}

/** Starts a child once the macrostep is over, unless the same macrostep has stopped it. */
export function startLater(step: { defer(effect: () => void): void }, child: AnyActorRef): void {
  step.defer(() => {
    if (!isStopped(child)) child.start();
  });
}

/** Whether a value is a machine of XState 5, of whichever copy of it. */
export function isMachine(value: unknown): value is AnyStateMachine {
  return typeof value === 'object' && value !== null && '__xstatenode' in value && 'implementations' in value;
}
