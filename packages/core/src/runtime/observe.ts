import { Observable, type Subscription } from 'rxjs';
import type { RunQueue } from './runQueue.ts';

/** The part of an actor that an observable needs. */
interface Observed<TSnapshot> {
  getSnapshot(): TSnapshot;
  subscribe(observer: { next: (snapshot: TSnapshot) => void; error: () => void; complete: () => void }): {
    unsubscribe(): void;
  };
}

/** The part of a child that an observable needs: its actor, and the next one after a crash. */
export interface Replaceable<TActor> {
  readonly actor: TActor;
  whenReplaced(callback: (next: TActor | undefined) => void): void;
}

/**
 * The one bridge from actors to RxJS: the present value first, then each change, then completion.
 *
 * Observers run on the run queue, never inside the actor's transition. A child that is started again after a
 * crash goes on in the same stream; one that is not completes it, since its failure is an event of the supervisor.
 */
export function observe<TSnapshot, TValue>(
  child: Replaceable<Observed<TSnapshot>>,
  select: (snapshot: TSnapshot) => TValue,
  runQueue: RunQueue,
): Observable<TValue> {
  return new Observable((subscriber) => {
    let last = select(child.actor.getSnapshot());
    let following: Pick<Subscription, 'unsubscribe'> | undefined;
    subscriber.next(last);
    const look = (snapshot: TSnapshot) => {
      const value = select(snapshot);
      if (value === last) return;
      last = value;
      runQueue.push(() => subscriber.next(value));
    };
    const complete = () => runQueue.push(() => subscriber.complete());
    const follow = (actor: Observed<TSnapshot>) => {
      following = actor.subscribe({
        next: look,
        complete,
        error: () => {
          look(actor.getSnapshot());
          // The registry has not heard of the crash yet: ask it afterwards.
          runQueue.push(() => child.whenReplaced(goOn));
        },
      });
    };
    const goOn = (next: Observed<TSnapshot> | undefined) => {
      if (subscriber.closed) return;
      if (next === undefined) {
        complete();
        return;
      }
      look(next.getSnapshot());
      follow(next);
    };
    follow(child.actor);
    return () => following?.unsubscribe();
  });
}
