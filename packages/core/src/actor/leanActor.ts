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
import { rethrowLater } from '../reportUnhandledError.ts';
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
import { LeanScope } from './actorScope.ts';
import type { LeanActorOptions } from './createLeanActor.ts';
import { Followers, select, tellLate } from './observers.ts';

/**
 * An actor for programs that have a hundred thousand of them: XState's `ActorRef`, made of a handful of fields.
 *
 * Lives in one system with XState's own actors, as their child, parent or peer, and runs any actor logic as they do.
 * Deliberate differences, each held by a test:
 * - `send` is a method of the class: do not tear it off (`const { send } = actor`).
 * - It ends in O(1): the system's scheduler is searched for its delayed events only if its logic is an interpreted machine.
 * - An inspector that throws does not leave it deaf.
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
  /** Not started, or in the midst of an event: others have to queue. */
  #busy = true;
  #mailbox: EventObject[] | undefined;
  #deferred: (() => void)[] | undefined;
  #followers: Followers<TSnapshot, TEmitted> | undefined;

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
      this.#followers ??= new Followers();
      return this.#followers.subscribe(observer);
    }
    return tellLate(observer, this.#snapshot);
  }

  on<TType extends TEmitted['type'] | '*'>(
    type: TType,
    handler: (emitted: TEmitted & (TType extends '*' ? unknown : { type: TType })) => void,
  ): Subscription {
    this.#followers ??= new Followers();
    return this.#followers.on(type, handler as (emitted: TEmitted) => void);
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
   * @throws NotParentError when the actor has a parent: stopping it is the parent's to do.
   */
  stop(): this {
    if (this._parent !== undefined) throw new NotParentError(this.id);
    this._stop();
    return this;
  }

  send(event: TEvent): void {
    if (this.system._uninspected) this._send(event);
    else this.system._relay(undefined, this, event);
  }

  /** @internal */ _send(event: EventObject): void {
    if (this._processingStatus === STOPPED) return;
    if (this.#busy) {
      this.#mailbox ??= [];
      this.#mailbox.push(event);
    } else {
      this.#answer(event);
    }
  }

  /** @internal Stops the actor once the event it is at has been answered; what is queued is dropped. */
  _stop(): void {
    this.#mailbox = undefined;
    if (this._processingStatus === NOT_STARTED) this._processingStatus = STOPPED;
    else this._send(STOP_EVENT);
  }

  /** @internal Keeps an effect until the snapshot it belongs to is in place. */
  _defer(effect: () => void): void {
    this.#deferred ??= [];
    this.#deferred.push(effect);
  }

  /** @internal */ _emit(emitted: TEmitted): void {
    this.#followers?.emit(emitted);
  }

  #firstSnapshot(persisted: Snapshot<unknown> | undefined): TSnapshot {
    const logic = this.src;
    try {
      if (persisted === undefined) return logic.getInitialSnapshot(new LeanScope(this), this.#input);
      return logic.restoreSnapshot?.(persisted, new LeanScope(this)) ?? persisted;
    } catch (error) {
      return { status: 'error', output: undefined, error } as TSnapshot;
    }
  }

  #begin(event: EventObject): void {
    this.system._sendInspectionEvent({ type: '@xstate.event', sourceRef: this._parent, actorRef: this, event });
    try {
      if (this.#startLogic()) this.#settle(this.#snapshot, event);
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
      this.src.start?.(this.#snapshot, new LeanScope(this));
      return true;
    } catch (thrown) {
      this.#fail(thrown);
      return false;
    }
  }

  #answer(event: EventObject): void {
    this.#busy = true;
    try {
      this.#step(event);
      this.#drainMailbox();
    } finally {
      this.#busy = false;
    }
  }

  /** Answers what came in meanwhile, batch by batch; a stop drops the rest of its batch. */
  #drainMailbox(): void {
    for (let batch = this.#mailbox; batch !== undefined; batch = this.#mailbox) {
      this.#mailbox = undefined;
      for (const event of batch) {
        this.#step(event);
        if (this._processingStatus === STOPPED || this.#mailbox?.[0] === STOP_EVENT) break;
      }
    }
  }

  #step(event: EventObject): void {
    let snapshot: TSnapshot;
    try {
      snapshot = this.src.transition(this.#snapshot, event, new LeanScope(this));
    } catch (thrown) {
      this.#fail(thrown);
      return;
    }
    this.#settle(snapshot, event);
    if (event.type === STOP_EVENT.type) {
      this.#end();
      this.#followers?.complete();
    }
  }

  /** Puts a snapshot in place, runs the effects that waited for it, and tells whoever follows. */
  #settle(snapshot: TSnapshot, event: EventObject): void {
    this.#snapshot = snapshot;
    if (this.#deferred !== undefined) this.#runDeferred(this.#deferred);
    const { status, output, error } = this.#snapshot;
    if (status === 'active') {
      this.#followers?.next(snapshot);
    } else if (status === 'done') {
      this.#followers?.next(snapshot);
      this.#end();
      this.#followers?.complete();
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
    if (this.#followers !== undefined) this.#followers.fail(error, isRoot ? 'surface' : 'hush');
    else if (isRoot) rethrowLater(error);
    tellParentError(this, error);
  }

  #end(): void {
    if (this._processingStatus !== RUNNING) return;
    this.#mailbox = undefined;
    this._processingStatus = STOPPED;
    leave(this);
  }
}
