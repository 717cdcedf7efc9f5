import type { ActorRef, ActorScope, AnyActorRef, EventObject, Snapshot } from 'xstate';
import { NotParentError } from '../errors.ts';
import { type HiddenSystem, type ProcessingStatus, RUNNING, stop } from '../xstate/actorInternals.ts';

/** An actor as its scope sees it. The one implementation is `LeanActor`. */
interface ScopedActor<TSnapshot extends Snapshot<unknown>, TEvent extends EventObject, TEmitted extends EventObject>
  extends ActorRef<TSnapshot, TEvent, TEmitted> {
  readonly system: HiddenSystem;
  readonly _processingStatus: ProcessingStatus;
  _defer(effect: () => void): void;
  _emit(emitted: TEmitted): void;
}

/**
 * XState's `ActorScope` of a lean actor: what its logic gets beside snapshot and event, made anew for each call.
 *
 * Its functions are bound where they are taken, so that a logic may destructure it and an actor need not keep it.
 */
export class LeanActorScope<
  TSnapshot extends Snapshot<unknown>,
  TEvent extends EventObject,
  TEmitted extends EventObject,
> implements ActorScope<TSnapshot, TEvent, HiddenSystem, TEmitted>
{
  readonly self: ScopedActor<TSnapshot, TEvent, TEmitted>;
  #actionExecutor: ActorScope<TSnapshot, TEvent>['actionExecutor'] | undefined;

  constructor(self: ScopedActor<TSnapshot, TEvent, TEmitted>) {
    this.self = self;
  }

  get id(): string {
    return this.self.id;
  }

  get sessionId(): string {
    return this.self.sessionId;
  }

  get system(): HiddenSystem {
    return this.self.system;
  }

  get logger(): ActorScope<TSnapshot, TEvent>['logger'] {
    return this.system._logger;
  }

  get defer(): (effect: () => void) => void {
    return (effect) => this.self._defer(effect);
  }

  get emit(): (emitted: TEmitted) => void {
    return (emitted) => this.self._emit(emitted);
  }

  get stopChild(): (child: AnyActorRef) => void {
    return (child) => {
      const parent: unknown = child._parent;
      if (parent !== this.self) throw new NotParentError(child.id);
      stop(child);
    };
  }

  get actionExecutor(): ActorScope<TSnapshot, TEvent>['actionExecutor'] {
    this.#actionExecutor ??= (action) => {
      if (this.self._processingStatus === RUNNING) this.#execute(action);
      else this.self._defer(() => this.#execute(action));
    };
    return this.#actionExecutor;
  }

  /** The interpreter replaces it for the length of a macrostep. */
  set actionExecutor(executor: ActorScope<TSnapshot, TEvent>['actionExecutor']) {
    this.#actionExecutor = executor;
  }

  #execute({ type, params, exec, info }: Parameters<ActorScope<TSnapshot, TEvent>['actionExecutor']>[0]): void {
    if (!this.system._uninspected) {
      this.system._sendInspectionEvent({ type: '@xstate.action', actorRef: this.self, action: { type, params } });
    }
    exec?.(info, params);
  }
}
