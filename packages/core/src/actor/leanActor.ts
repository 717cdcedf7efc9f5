import {
  type ActorRef,
  type AnyActorLogic,
  type AnyActorRef,
  type EventObject,
  type InteropSubscribable,
  type Observer,
  type Readable,
  type Snapshot,
  type Subscription,
  toObserver,
} from 'xstate';
import { systemClock } from '../clock/systemClock.ts';
import { NotParentError } from '../errors.ts';
import { reportUnhandledError } from '../reportUnhandledError.ts';
import {
  ACTOR_TYPE,
  createSystem,
  type HiddenSystem,
  initEvent,
  join,
  leave,
  NOT_STARTED,
  type ProcessingStatus,
  RUNNING,
  STOP_EVENT,
  STOPPED,
  symbolObservable,
  systemOf,
  tellParentDone,
  tellParentError,
} from '../xstate/actorInternals.ts';
import { isDevelopmentBuild } from '../xstate/build.ts';
import { LeanActorScope } from './actorScope.ts';
import type { LeanActorOptions } from './leanActorOptions.ts';
import { notifyLate, Observers, select } from './observers.ts';

/**
 * An XState `ActorRef` made of a handful of fields, for programs with a hundred thousand actors.
 *
 * Shares a system with XState's own actors, as their child, parent or peer, and runs any actor logic as they do.
 * Deliberate differences, each held by a test:
 * - `send` is a method of the class: do not tear it off (`const { send } = actor`).
 * - It ends in O(1): the system's scheduler is searched for its delayed events only if its logic is an interpreted machine.
 * - An inspector that throws does not keep it from processing events.
 * - No `syncSnapshot`, `src` by name, `logger` of its own or dev tools, and no warning about `assign` inside of an action.
 */
export class LeanActor<TSnapshot extends Snapshot<unknown>, TEvent extends EventObject, TEmitted extends EventObject>
  implements ActorRef<TSnapshot, TEvent, TEmitted>
{
  readonly src: AnyActorLogic;
  readonly id: string;
  readonly sessionId: string;
  /** @internal */
  readonly system: HiddenSystem;
  declare readonly systemId?: string;
  /** @internal */ declare readonly _parent?: AnyActorRef;
  /** @internal */ _processingStatus: ProcessingStatus = NOT_STARTED;
  #snapshot: TSnapshot;
  #input: unknown;
  /** True before the start and during an event: further events have to queue. */
  #busy = true;
  #mailbox: EventObject[] | undefined;
  #deferred: (() => void)[] | undefined;
  #observers: Observers<TSnapshot, TEmitted> | undefined;

  constructor(logic: AnyActorLogic, options: LeanActorOptions<unknown>) {
    const { parent, id, systemId, input, snapshot, clock = systemClock(), ...rest } = options;
    this.src = logic;
    if (parent === undefined) {
      ({ system: this.system, sessionId: this.sessionId } = createSystem({ clock, ...rest }));
    } else {
      this._parent = parent;
      this.system = systemOf(parent);
      this.sessionId = this.system._bookId();
    }
    this.id = id ?? this.sessionId;
    this.#input = input;
    this.system._sendInspectionEvent({ type: '@xstate.actor', actorRef: this });
    if (systemId !== undefined) {
      this.systemId = systemId;
      this.system._set(systemId, this);
    }
    this.#snapshot = this.#firstSnapshot(snapshot);
    if (systemId !== undefined && this.#snapshot.status !== 'active') this.system._unregister(this);
  }

  getSnapshot(): TSnapshot {
    return this.#snapshot;
  }

  /** The actor itself, as of every actor: by this property XState knows an actor in a context that is persisted. */
  get ref(): this {
    return this;
  }

  getPersistedSnapshot(options?: unknown): Snapshot<unknown> {
    return this.src.getPersistedSnapshot(this.#snapshot, options);
  }

  toJSON(): { xstate$$type: number; id: string } {
    return { xstate$$type: ACTOR_TYPE, id: this.id };
  }

  [symbolObservable](): InteropSubscribable<TSnapshot> {
    return this;
  }

  subscribe(observer: Observer<TSnapshot>): Subscription;
  subscribe(
    next?: (snapshot: TSnapshot) => void,
    error?: (error: unknown) => void,
    complete?: () => void,
  ): Subscription;
  subscribe(...listeners: Parameters<typeof toObserver<TSnapshot>>): Subscription {
    const observer = toObserver(...listeners);
    if (this._processingStatus !== STOPPED) {
      this.#observers ??= new Observers();
      return this.#observers.subscribe(observer);
    }
    return notifyLate(observer, this.#snapshot);
  }

  on<TType extends TEmitted['type'] | '*'>(
    type: TType,
    handler: (emitted: TEmitted & (TType extends '*' ? unknown : { type: TType })) => void,
  ): Subscription {
    this.#observers ??= new Observers();
    return this.#observers.on(type, handler as (emitted: TEmitted) => void);
  }

  select<TSelected>(
    selector: (snapshot: TSnapshot) => TSelected,
    equal: (a: TSelected, b: TSelected) => boolean = Object.is,
  ): Readable<TSelected> {
    return select(this, selector, equal);
  }

  start(): this {
    if (this._processingStatus === RUNNING) return this;
    join(this);
    this._processingStatus = RUNNING;
    const input = this.#input;
    this.#input = undefined;
    this.#begin(initEvent(input));
    return this;
  }

  /**
   * Stops a root actor, and with it whatever its logic stops.
   *
   * @throws NotParentError when the actor has a parent, which alone may stop it.
   */
  stop(): this {
    if (this._parent !== undefined) throw new NotParentError(this.id);
    this._stop();
    return this;
  }

  /** @throws Error for a string instead of an event, as XState's development build does. */
  send(event: TEvent): void {
    if (typeof event === 'string' && isDevelopmentBuild) throw stringEvent(event);
    if (this.system._uninspected) this._send(event);
    else this.system._relay(undefined, this, event);
  }

  /** @internal */ _send(event: EventObject): void {
    if (this._processingStatus === STOPPED) return;
    if (this.#busy) {
      this.#mailbox ??= [];
      this.#mailbox.push(event);
    } else {
      this.#process(event);
    }
  }

  /** @internal Stops the actor after the event it is processing; queued events are dropped. */
  _stop(): void {
    this.#mailbox = undefined;
    if (this._processingStatus === NOT_STARTED) this._processingStatus = STOPPED;
    else this._send(STOP_EVENT);
  }

  /** @internal Puts an effect off until the snapshot it belongs to is in place. */
  _defer(effect: () => void): void {
    this.#deferred ??= [];
    this.#deferred.push(effect);
  }

  /** @internal */ _emit(emitted: TEmitted): void {
    this.#observers?.emit(emitted);
  }

  #firstSnapshot(persisted: Snapshot<unknown> | undefined): TSnapshot {
    const logic = this.src;
    try {
      if (persisted === undefined) return logic.getInitialSnapshot(new LeanActorScope(this), this.#input);
      return logic.restoreSnapshot?.(persisted, new LeanActorScope(this)) ?? persisted;
    } catch (error) {
      return { status: 'error', output: undefined, error } as TSnapshot;
    }
  }

  #begin(event: EventObject): void {
    this.system._sendInspectionEvent({ type: '@xstate.event', sourceRef: this._parent, actorRef: this, event });
    try {
      if (this.#startLogic()) this.#update(this.#snapshot, event);
      this.#drainMailbox();
    } finally {
      this.#busy = false;
    }
  }

  #startLogic(): boolean {
    const { status, error } = this.#snapshot;
    if (status === 'done') return true;
    try {
      if (status === 'error') throw error;
      if (this._parent === undefined) this.system.start();
      this.src.start?.(this.#snapshot, new LeanActorScope(this));
      return true;
    } catch (thrown) {
      this.#fail(thrown);
      return false;
    }
  }

  #process(event: EventObject): void {
    this.#busy = true;
    try {
      this.#transition(event);
      this.#drainMailbox();
    } finally {
      this.#busy = false;
    }
  }

  /** Processes the events queued meanwhile, batch by batch; a stop drops the rest of its batch. */
  #drainMailbox(): void {
    for (let batch = this.#mailbox; batch !== undefined; batch = this.#mailbox) {
      this.#mailbox = undefined;
      for (const event of batch) {
        this.#transition(event);
        if (this._processingStatus === STOPPED || this.#mailbox?.[0] === STOP_EVENT) break;
      }
    }
  }

  #transition(event: EventObject): void {
    let snapshot: TSnapshot;
    try {
      snapshot = this.src.transition(this.#snapshot, event, new LeanActorScope(this));
    } catch (thrown) {
      this.#fail(thrown);
      return;
    }
    this.#update(snapshot, event);
    if (event.type === STOP_EVENT.type) {
      this.#end();
      this.#observers?.complete();
    }
  }

  /** Puts a snapshot in place, runs the effects deferred for it, and notifies the observers. */
  #update(snapshot: TSnapshot, event: EventObject): void {
    this.#snapshot = snapshot;
    if (this.#deferred !== undefined) this.#runDeferred(this.#deferred);
    const { status, output, error } = this.#snapshot;
    if (status === 'active') {
      this.#observers?.next(snapshot);
    } else if (status === 'done') {
      this.#observers?.next(snapshot);
      this.#end();
      this.#observers?.complete();
      tellParentDone(this, output);
    } else if (status === 'error') {
      this.#fail(error);
    }
    if (this.system._uninspected) return;
    this.system._sendInspectionEvent({ type: '@xstate.snapshot', actorRef: this, event, snapshot });
  }

  #runDeferred(deferred: (() => void)[]): void {
    try {
      // The list grows while effects defer others.
      for (const effect of deferred) effect();
    } catch (error) {
      this.#snapshot = { ...this.#snapshot, status: 'error', error };
    }
    this.#deferred = undefined;
  }

  #fail(error: unknown): void {
    if (this.#snapshot.status !== 'error') this.#snapshot = { ...this.#snapshot, status: 'error', error };
    this.#end();
    const isRoot = this._parent === undefined;
    if (this.#observers !== undefined) this.#observers.fail(error, isRoot);
    else if (isRoot) reportUnhandledError(error);
    tellParentError(this, error);
  }

  #end(): void {
    if (this._processingStatus !== RUNNING) return;
    this.#mailbox = undefined;
    this._processingStatus = STOPPED;
    leave(this);
  }
}

function stringEvent(event: string): Error {
  return new Error(`Only event objects may be sent to actors; use .send({ type: "${event}" }) instead`);
}
