import type { ActorScope, AnyActorRef, EventObject, Snapshot } from 'xstate';
import { NotParentError } from '../errors.ts';
import { type HiddenSystem, RUNNING, stop } from '../xstate/actorInternals.ts';
import type { LeanActor } from './leanActor.ts';

/**
 * What a logic is handed beside snapshot and event, made anew for each call.
 *
 * Its functions are bound where they are taken, so that a logic may destructure it and an actor need not keep it.
 */
export class LeanScope<TSnapshot extends Snapshot<unknown>, TEvent extends EventObject, TEmitted extends EventObject>
  implements ActorScope<TSnapshot, TEvent, HiddenSystem, TEmitted>
{
  readonly self: LeanActor<TSnapshot, TEvent, TEmitted>;
  #actionExecutor: ActorScope<TSnapshot, TEvent>['actionExecutor'] | undefined;

  constructor(self: LeanActor<TSnapshot, TEvent, TEmitted>) {
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

  /** The interpreter puts its own in place for the length of a step. */
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
