/**
 * Every undocumented part of XState that the lean actor uses.
 *
 * `test/leanActor.test.ts` and the contract tests fail when a version of XState changes one.
 */
import {
  type ActorOptions,
  type AnyActorLogic,
  type AnyActorRef,
  type AnyEventObject,
  createActor,
  fromTransition,
  type InspectionEvent,
  StateMachine,
} from 'xstate';

/** `_processingStatus` of an actor, which XState reads of every child it starts or stops. */
export const NOT_STARTED = 0;
export const RUNNING = 1;
export const STOPPED = 2;
export type ProcessingStatus = typeof NOT_STARTED | typeof RUNNING | typeof STOPPED;

/** Marks an actor in JSON, so that XState finds it in a persisted context. */
export const ACTOR_TYPE = 1;

/** The first event of an actor, which only inspectors see. */
export const initEvent = (input: unknown): AnyEventObject => ({ type: 'xstate.init', input });
/** Tells a logic that its actor is being stopped. One object for all actors, since nothing writes to events. */
export const STOP_EVENT = { type: 'xstate.stop' } as const;

export const symbolObservable: typeof Symbol.observable = ((typeof Symbol === 'function' && Symbol.observable) ||
  '@@observable') as typeof Symbol.observable;

type System = AnyActorRef['system'];

type WithoutRoot<TEvent> = TEvent extends unknown ? Omit<TEvent, 'rootId'> : never;

/** An actor system with its undocumented members. */
export interface HiddenSystem extends System {
  _bookId(): string;
  _register(sessionId: string, actor: AnyActorRef): void;
  _unregister(actor: AnyActorRef): void;
  _set(systemId: string, actor: AnyActorRef): void;
  _relay(source: AnyActorRef | undefined, target: AnyActorRef, event: AnyEventObject): void;
  _sendInspectionEvent(event: WithoutRoot<InspectionEvent>): void;
  /** True while a system made by {@link createSystem} has no inspector: then no inspection event is made. */
  _uninspected?: boolean;
}

export const systemOf = (actor: AnyActorRef): HiddenSystem => actor.system as HiddenSystem;

/** Stops a child of any kind. */
export function stop(child: AnyActorRef): void {
  (child as AnyActorRef & { _stop(): void })._stop();
}

/** Stops the children of an actor that failed: XState stops only those of an actor that is stopped. */
export function stopChildren(actor: AnyActorRef): void {
  const { children = {} }: { children?: Record<string, AnyActorRef> } = actor.getSnapshot();
  for (const child of Object.values(children)) stop(child);
}

/** Whether an actor was started and has not ended. */
export function isRunning(actor: AnyActorRef): boolean {
  return processingStatusOf(actor) === RUNNING;
}

/** Whether an actor was started, though it may have ended since. */
export function isStarted(actor: AnyActorRef): boolean {
  return processingStatusOf(actor) !== NOT_STARTED;
}

/** Whether an actor has ended. */
export function hasEnded(actor: AnyActorRef): boolean {
  return processingStatusOf(actor) === STOPPED;
}

function processingStatusOf(actor: AnyActorRef): ProcessingStatus {
  return (actor as AnyActorRef & { _processingStatus: ProcessingStatus })._processingStatus;
}

/** Sends the parent, if there is one, the done event of its child. */
export function tellParentDone(actor: AnyActorRef, output: unknown): void {
  tellParent(actor, { type: `xstate.done.actor.${actor.id}`, output, actorId: actor.id });
}

/** Sends the parent, if there is one, the error event of its child. */
export function tellParentError(actor: AnyActorRef, error: unknown): void {
  tellParent(actor, { type: `xstate.error.actor.${actor.id}`, error, actorId: actor.id });
}

function tellParent(actor: AnyActorRef, event: AnyEventObject): void {
  if (actor._parent !== undefined) systemOf(actor)._relay(actor, actor._parent, event);
}

/** Registers an actor that starts with its system. */
export function join(actor: AnyActorRef & { readonly systemId?: string }): void {
  const system = systemOf(actor);
  system._register(actor.sessionId, actor);
  if (actor.systemId !== undefined) system._set(actor.systemId, actor);
}

/**
 * Unregisters an actor that ends from its system, and cancels its delayed events.
 *
 * Only interpreted machines leave delayed events with the system's scheduler, and finding them means looking at those
 * of all actors; other logics are spared that.
 */
export function leave(actor: AnyActorRef): void {
  if (actor.src instanceof StateMachine) actor.system.scheduler.cancelAll(actor);
  systemOf(actor)._unregister(actor);
}

const endCallbacks = new WeakMap<HiddenSystem, Map<string, (() => void)[]>>();

/**
 * Calls back once, when a started actor ends in whatever way. An observer would not do: one that listens to errors makes
 * XState believe that somebody handles them.
 */
export function whenEnded(actor: AnyActorRef, callback: () => void): void {
  const system = systemOf(actor);
  const callbacks = endCallbacks.get(system) ?? watchEnds(system);
  const { sessionId } = actor;
  callbacks.set(sessionId, [...(callbacks.get(sessionId) ?? []), callback]);
}

function watchEnds(system: HiddenSystem): Map<string, (() => void)[]> {
  const callbacks = new Map<string, (() => void)[]>();
  endCallbacks.set(system, callbacks);
  const unregister = system._unregister;
  system._unregister = (ended) => {
    unregister.call(system, ended);
    const called = callbacks.get(ended.sessionId);
    if (called === undefined) return;
    callbacks.delete(ended.sessionId);
    for (const callback of called) callback();
  };
  return callbacks;
}

/** Options of an actor system. */
export type SystemOptions = Pick<ActorOptions<AnyActorLogic>, 'clock' | 'logger' | 'inspect'>;

const noLogic = fromTransition(() => undefined, undefined);

/**
 * Makes a system for a root actor, which must take the session id that comes with it.
 *
 * XState makes systems only for actors of its own: one is made for its system and its session id, and never started.
 */
export function createSystem({ inspect, ...options }: SystemOptions): { system: HiddenSystem; sessionId: string } {
  const donor = createActor(noLogic, options);
  const system = systemOf(donor);
  countInspectors(system);
  if (inspect !== undefined) system.inspect(inspect);
  return { system, sessionId: donor.sessionId };
}

/** Keeps `_uninspected` up to date. */
function countInspectors(system: HiddenSystem): void {
  const inspect = system.inspect;
  let inspectors = 0;
  system._uninspected = true;
  system.inspect = (observer) => {
    const subscription = inspect(observer);
    let open = true;
    inspectors += 1;
    system._uninspected = false;
    return {
      unsubscribe() {
        if (!open) return;
        open = false;
        inspectors -= 1;
        system._uninspected = inspectors === 0;
        subscription.unsubscribe();
      },
    };
  };
}
