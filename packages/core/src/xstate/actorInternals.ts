/**
 * Everything the lean actor knows of XState that XState does not document, in one place.
 *
 * Held by `test/leanActor.test.ts` and the contract tests, which fail when a version of XState moves it.
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

/** `_processingStatus` of an actor: XState looks at that of every child it starts or stops. */
export const NOT_STARTED = 0;
export const RUNNING = 1;
export const STOPPED = 2;
export type ProcessingStatus = typeof NOT_STARTED | typeof RUNNING | typeof STOPPED;

/** Marks an actor in JSON; XState finds the actors in a persisted context by it. */
export const ACTOR_TYPE = 1;

/** The first event of an actor: only inspectors see it. */
export const initEvent = (input: unknown): AnyEventObject => ({ type: 'xstate.init', input });
/** Tells a logic that its actor is being stopped. Shared: nobody writes to events. */
export const STOP_EVENT = { type: 'xstate.stop' } as const;

export const symbolObservable: typeof Symbol.observable = ((typeof Symbol === 'function' && Symbol.observable) ||
  '@@observable') as typeof Symbol.observable;

type System = AnyActorRef['system'];

type WithoutRoot<TEvent> = TEvent extends unknown ? Omit<TEvent, 'rootId'> : never;

/** An actor system as its actors see it. */
export interface HiddenSystem extends System {
  _bookId(): string;
  _register(sessionId: string, actor: AnyActorRef): void;
  _unregister(actor: AnyActorRef): void;
  _set(systemId: string, actor: AnyActorRef): void;
  _relay(source: AnyActorRef | undefined, target: AnyActorRef, event: AnyEventObject): void;
  _sendInspectionEvent(event: WithoutRoot<InspectionEvent>): void;
  /** True while nobody inspects a system that we made: then no inspection event needs to be made either. */
  _uninspected?: boolean;
}

export const systemOf = (actor: AnyActorRef): HiddenSystem => actor.system as HiddenSystem;

/** Asks a child of any kind to stop. */
export function stop(child: AnyActorRef): void {
  (child as AnyActorRef & { _stop(): void })._stop();
}

/** Stops the children that an actor left behind when it failed: XState ends only those of an actor that is stopped. */
export function stopChildren(actor: AnyActorRef): void {
  const { children = {} }: { children?: Record<string, AnyActorRef> } = actor.getSnapshot();
  for (const child of Object.values(children)) stop(child);
}

/** Tells the parent, if there is one, that its child is done. */
export function tellParentDone(actor: AnyActorRef, output: unknown): void {
  tellParent(actor, { type: `xstate.done.actor.${actor.id}`, output, actorId: actor.id });
}

/** Tells the parent, if there is one, that its child has failed. */
export function tellParentError(actor: AnyActorRef, error: unknown): void {
  tellParent(actor, { type: `xstate.error.actor.${actor.id}`, error, actorId: actor.id });
}

function tellParent(actor: AnyActorRef, event: AnyEventObject): void {
  if (actor._parent !== undefined) systemOf(actor)._relay(actor, actor._parent, event);
}

/** Makes an actor that starts known to its system. */
export function join(actor: AnyActorRef & { readonly systemId?: string }): void {
  const system = systemOf(actor);
  system._register(actor.sessionId, actor);
  if (actor.systemId !== undefined) system._set(actor.systemId, actor);
}

/**
 * Takes an actor that ends out of its system, and cancels its delayed events.
 *
 * Only interpreted machines leave delayed events with the system's scheduler, and finding them means looking at those of
 * all actors; other logics are spared that.
 */
export function leave(actor: AnyActorRef): void {
  if (actor.src instanceof StateMachine) actor.system.scheduler.cancelAll(actor);
  systemOf(actor)._unregister(actor);
}

/** What a system is made with. */
export type SystemOptions = Pick<ActorOptions<AnyActorLogic>, 'clock' | 'logger' | 'inspect'>;

const noLogic = fromTransition(() => undefined, undefined);

/**
 * Makes a system for a root actor, which has to go by the session id that comes with it.
 *
 * XState makes systems only for actors of its own: this one is never started, and lends its system and its id.
 */
export function createSystem({ inspect, ...options }: SystemOptions): { system: HiddenSystem; sessionId: string } {
  const lender = createActor(noLogic, options);
  const system = systemOf(lender);
  countInspectors(system);
  if (inspect !== undefined) system.inspect(inspect);
  return { system, sessionId: lender.sessionId };
}

/** Keeps `_uninspected` true to its word. */
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
