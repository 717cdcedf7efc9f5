import { Observable, type Subscription } from 'rxjs';
import type { RunQueue } from './runQueue.ts';

/** The part of an actor that {@link observe} needs. */
interface Observed<TSnapshot> {
  getSnapshot(): TSnapshot;
  subscribe(observer: { next: (snapshot: TSnapshot) => void; error: () => void; complete: () => void }): {
    unsubscribe(): void;
  };
}

/** The part of a child that {@link observe} needs: its actor, and a call with the next one after a crash. */
export interface Replaceable<TActor> {
  readonly actor: TActor;
  whenReplaced(callback: (next: TActor | undefined) => void): void;
}

/**
 * A part of a child's snapshot as an observable: the present value, then each change, then completion.
 *
 * Observers run on the run queue, never inside the actor's transition. A child that is restarted after a crash
 * goes on in the same stream; one that is not completes it, since its failure is an event of the supervisor.
 */
export function observe<TSnapshot, TValue>(
  child: Replaceable<Observed<TSnapshot>>,
  select: (snapshot: TSnapshot) => TValue,
  runQueue: RunQueue,
): Observable<TValue> {
  return new Observable((subscriber) => {
    let last = select(child.actor.getSnapshot());
    let subscription: Pick<Subscription, 'unsubscribe'> | undefined;
    subscriber.next(last);
    const check = (snapshot: TSnapshot) => {
      const value = select(snapshot);
      if (value === last) return;
      last = value;
      runQueue.push(() => subscriber.next(value));
    };
    const complete = () => runQueue.push(() => subscriber.complete());
    const follow = (actor: Observed<TSnapshot>) => {
      // The registry has not processed the end yet: look for the next actor afterwards.
      const followNext = () => runQueue.push(() => child.whenReplaced(resume));
      subscription = actor.subscribe({
        next: check,
        complete: followNext,
        error: () => {
          check(actor.getSnapshot());
          followNext();
        },
      });
    };
    const resume = (next: Observed<TSnapshot> | undefined) => {
      if (subscriber.closed) return;
      if (next === undefined) {
        complete();
        return;
      }
      check(next.getSnapshot());
      follow(next);
    };
    follow(child.actor);
    return () => subscription?.unsubscribe();
  });
}

/**
 * A value as an observable: what `read` returns now, then what it returns after an event of `events` if that differs.
 * Completes with `events`.
 */
export function changesOf<TValue>(read: () => TValue, events: Observable<unknown>): Observable<TValue> {
  return new Observable((subscriber) => {
    let last = read();
    subscriber.next(last);
    const check = () => {
      const value = read();
      if (value === last) return;
      last = value;
      subscriber.next(last);
    };
    const complete = () => {
      check();
      subscriber.complete();
    };
    return events.subscribe({ next: check, complete });
  });
}
