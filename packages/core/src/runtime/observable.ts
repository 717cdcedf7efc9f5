import { Observable } from 'rxjs';

/** What `read` answers now, then each change that `beats` bring, then completion with them. */
export function changesOf<TValue>(read: () => TValue, beats: Observable<unknown>): Observable<TValue> {
  return new Observable((subscriber) => {
    let last = read();
    subscriber.next(last);
    const look = () => {
      const value = read();
      if (value === last) return;
      last = value;
      subscriber.next(last);
    };
    const complete = () => {
      look();
      subscriber.complete();
    };
    return beats.subscribe({ next: look, complete });
  });
}
