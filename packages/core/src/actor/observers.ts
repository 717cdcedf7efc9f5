import type { ActorRef, EventObject, Observer, Readable, Snapshot, Subscription } from 'xstate';
import { toObserver } from 'xstate';
import { rethrowLater } from '../reportUnhandledError.ts';

type Listener<TEmitted> = (emitted: TEmitted) => void;

/**
 * Those who follow one actor: observers of its snapshots, listeners to what it emits.
 *
 * Almost everybody who is followed at all is followed by one observer, who waits for the end: that one is kept without
 * a set, which would weigh as much as half of the actor, and costs nothing until then.
 */
export class Followers<TSnapshot, TEmitted extends EventObject> {
  /** The only observer; from the second on all are in the set. */
  #only: Observer<TSnapshot> | undefined;
  #all: Set<Observer<TSnapshot>> | undefined;
  #listeners: Map<string, Set<Listener<TEmitted>>> | undefined;

  subscribe(observer: Observer<TSnapshot>): Subscription {
    if (this.#all === undefined && this.#only === undefined) this.#only = observer;
    else this.#crowd().add(observer);
    return { unsubscribe: () => this.#leave(observer) };
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
    for (const observer of this.#observers()) attempt(() => observer.next?.(snapshot));
  }

  emit(emitted: TEmitted): void {
    const listeners = [...(this.#listeners?.get(emitted.type) ?? []), ...(this.#listeners?.get('*') ?? [])];
    for (const listener of listeners) attempt(() => listener(emitted));
  }

  complete(): void {
    for (const observer of this.#observers()) attempt(() => observer.complete?.());
    this.#dismiss();
  }

  /** Tells observers of an error that ends the actor. `whenNobody` says whether it surfaces if there are none. */
  fail(error: unknown, whenNobody: 'surface' | 'hush'): void {
    let unheard = this.#only === undefined && !this.#all?.size && whenNobody === 'surface';
    for (const observer of this.#observers()) {
      unheard ||= observer.error === undefined;
      attempt(() => observer.error?.(error));
    }
    this.#dismiss();
    if (unheard) rethrowLater(error);
  }

  /** In the order in which they came, with those who come while others are being told. */
  *#observers(): Iterable<Observer<TSnapshot>> {
    const only = this.#only;
    if (only !== undefined) yield only;
    for (const observer of this.#all ?? []) if (observer !== only) yield observer;
  }

  #crowd(): Set<Observer<TSnapshot>> {
    this.#all ??= new Set(this.#only === undefined ? [] : [this.#only]);
    this.#only = undefined;
    return this.#all;
  }

  #leave(observer: Observer<TSnapshot>): void {
    if (this.#only === observer) this.#only = undefined;
    this.#all?.delete(observer);
  }

  #dismiss(): void {
    this.#only = undefined;
    this.#all?.clear();
    this.#listeners?.clear();
  }
}

/** Tells a latecomer how an actor ended; an actor that was merely stopped has nothing to tell. */
export function tellLate<TSnapshot extends Snapshot<unknown>>(
  observer: Observer<TSnapshot>,
  { status, error }: TSnapshot,
): Subscription {
  if (status === 'done') attempt(() => observer.complete?.());
  if (status === 'error' && observer.error === undefined) rethrowLater(error);
  if (status === 'error') attempt(() => observer.error?.(error));
  return { unsubscribe: () => {} };
}

/** A part of an actor's snapshot as something to read and to follow. */
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

/** What a follower throws surfaces, and disturbs nobody. */
function attempt(told: () => void): void {
  try {
    told();
  } catch (error) {
    rethrowLater(error);
  }
}
