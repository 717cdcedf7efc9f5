import { Observable } from 'rxjs';
import type { RunQueue } from './runQueue.ts';

/** The part of an actor that an observable needs. */
interface Observed<TSnapshot> {
  getSnapshot(): TSnapshot;
  subscribe(observer: { next: (snapshot: TSnapshot) => void; error: () => void; complete: () => void }): {
    unsubscribe(): void;
  };
}

/**
 * The one bridge from actors to RxJS: the present value first, then each change, then completion.
 *
 * Observers run on the run queue, never inside the actor's transition; an actor that fails completes the
 * stream, since its failure is an event of the supervisor.
 */
export function observe<TSnapshot, TValue>(
  actor: Observed<TSnapshot>,
  select: (snapshot: TSnapshot) => TValue,
  runQueue: RunQueue,
): Observable<TValue> {
  return new Observable((subscriber) => {
    let last = select(actor.getSnapshot());
    subscriber.next(last);
    const complete = () => runQueue.push(() => subscriber.complete());
    const subscription = actor.subscribe({
      next: (snapshot) => {
        const value = select(snapshot);
        if (value === last) return;
        last = value;
        runQueue.push(() => subscriber.next(value));
      },
      error: complete,
      complete,
    });
    return () => subscription.unsubscribe();
  });
}
