import type { ActorRef, EventObject, Observer, Readable, Snapshot, Subscription } from 'xstate';
import { toObserver } from 'xstate';
import { reportUnhandledError } from '../reportUnhandledError.ts';

type Listener<TEmitted> = (emitted: TEmitted) => void;

/**
 * The observers of one actor's snapshots, and the listeners to the events it emits.
 *
 * Almost every actor that is observed at all has one observer, which waits for the end. That one is kept without a set,
 * which would take half as much memory as the actor, and costs nothing until then.
 */
export class Observers<TSnapshot, TEmitted extends EventObject> {
  /** The only observer; from the second on all are in the set. */
  #only: Observer<TSnapshot> | undefined;
  #all: Set<Observer<TSnapshot>> | undefined;
  #listeners: Map<string, Set<Listener<TEmitted>>> | undefined;

  subscribe(observer: Observer<TSnapshot>): Subscription {
    if (this.#all === undefined && this.#only === undefined) this.#only = observer;
    else this.#toSet().add(observer);
    return { unsubscribe: () => this.#remove(observer) };
  }

  on(type: string, handler: Listener<TEmitted>): Subscription {
    this.#listeners ??= new Map();
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    // Wrapped, so that one handler can listen twice.
    const listener: Listener<TEmitted> = (emitted) => handler(emitted);
    listeners.add(listener);
    return { unsubscribe: () => void listeners.delete(listener) };
  }

  next(snapshot: TSnapshot): void {
    if (this.#all === undefined && this.#only?.next === undefined) return;
    for (const observer of this.#each()) attempt(() => observer.next?.(snapshot));
  }

  emit(emitted: TEmitted): void {
    const listeners = [...(this.#listeners?.get(emitted.type) ?? []), ...(this.#listeners?.get('*') ?? [])];
    for (const listener of listeners) attempt(() => listener(emitted));
  }

  complete(): void {
    for (const observer of this.#each()) attempt(() => observer.complete?.());
    this.#clear();
  }

  /**
   * Tells observers of an error that ends the actor. One observer without an `error` makes it an unhandled error.
   *
   * @param mustBeHandled whether it is an unhandled error, too, when there are no observers.
   */
  fail(error: unknown, mustBeHandled: boolean): void {
    let unhandled = this.#only === undefined && !this.#all?.size && mustBeHandled;
    for (const observer of this.#each()) {
      unhandled ||= observer.error === undefined;
      attempt(() => observer.error?.(error));
    }
    this.#clear();
    if (unhandled) reportUnhandledError(error);
  }

  /** The observers in the order of subscription, including those that subscribe during the iteration. */
  *#each(): Iterable<Observer<TSnapshot>> {
    const only = this.#only;
    if (only !== undefined) yield only;
    for (const observer of this.#all ?? []) if (observer !== only) yield observer;
  }

  /** Goes over to keeping observers in a set. */
  #toSet(): Set<Observer<TSnapshot>> {
    this.#all ??= new Set(this.#only === undefined ? [] : [this.#only]);
    this.#only = undefined;
    return this.#all;
  }

  #remove(observer: Observer<TSnapshot>): void {
    if (this.#only === observer) this.#only = undefined;
    this.#all?.delete(observer);
  }

  #clear(): void {
    this.#only = undefined;
    this.#all?.clear();
    this.#listeners?.clear();
  }
}

/** Tells an observer that subscribes after the end how the actor ended: nothing if it was merely stopped. */
export function notifyLate<TSnapshot extends Snapshot<unknown>>(
  observer: Observer<TSnapshot>,
  { status, error }: TSnapshot,
): Subscription {
  if (status === 'done') attempt(() => observer.complete?.());
  if (status === 'error' && observer.error === undefined) reportUnhandledError(error);
  if (status === 'error') attempt(() => observer.error?.(error));
  return { unsubscribe: () => {} };
}

/** A part of an actor's snapshot as XState's `Readable`. */
export function select<TSnapshot extends Snapshot<unknown>, TEvent extends EventObject, TSelected>(
  actor: ActorRef<TSnapshot, TEvent>,
  selector: (snapshot: TSnapshot) => TSelected,
  equal: (a: TSelected, b: TSelected) => boolean,
): Readable<TSelected> {
  return {
    subscribe: (...listeners: Parameters<typeof toObserver<TSelected>>) => {
      const observer = toObserver(...listeners);
      let previous = selector(actor.getSnapshot());
      return actor.subscribe((snapshot) => {
        const selected = selector(snapshot);
        if (equal(previous, selected)) return;
        previous = selected;
        observer.next?.(selected);
      });
    },
    get: () => selector(actor.getSnapshot()),
  };
}

/** Calls an observer or listener: what it throws is reported as an unhandled error and reaches nobody else. */
function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    reportUnhandledError(error);
  }
}
