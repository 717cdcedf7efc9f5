import { type Observable, Subject } from 'rxjs';
import type { Clock } from '../clock/clock.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { ActorEvent, SupervisorEvent, SupervisorOwnEvent } from './events.ts';
import { LossCounters } from './lossCounters.ts';

/** Dates and counts every fact, and tells it to whoever listens, outside of every transition. */
export class EventStream {
  readonly #clock: Clock;
  readonly #runQueue: RunQueue;
  readonly #counters = new LossCounters();
  readonly #events = new Subject<SupervisorEvent>();
  readonly #notable = new Subject<SupervisorEvent>();

  constructor(clock: Clock, runQueue: RunQueue) {
    this.#clock = clock;
    this.#runQueue = runQueue;
  }

  get events$(): Observable<SupervisorEvent> {
    return this.#events.asObservable();
  }

  /** All but checks that passed. */
  get notable$(): Observable<SupervisorEvent> {
    return this.#notable.asObservable();
  }

  get counts(): LossCounters['counts'] {
    return this.#counters.counts;
  }

  readonly publish = (fact: ActorEvent | SupervisorOwnEvent): void => {
    this.#counters.count(fact);
    const isNotable = fact.type !== 'verdict.judged' || fact.verdict.status !== 'pass';
    if (!this.#events.observed && !(isNotable && this.#notable.observed)) return;
    const event: SupervisorEvent = { ...fact, at: this.#clock.now() };
    this.#runQueue.push(() => {
      this.#events.next(event);
      if (isNotable) this.#notable.next(event);
    });
  };

  complete(): void {
    this.#events.complete();
    this.#notable.complete();
  }
}
