import { type Observable, Subject } from 'rxjs';
import type { Clock } from '../clock/clock.ts';
import type { RunQueue } from '../runtime/runQueue.ts';
import type { ActorEvent, SupervisorEvent, SupervisorOwnEvent } from './events.ts';
import { LossCounters } from './lossCounters.ts';

/** Stamps and counts every event, and publishes it to observers outside of every transition. */
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

  readonly publish = (told: ActorEvent | SupervisorOwnEvent): void => {
    this.#counters.count(told);
    const isNotable = told.type !== 'verdict.judged' || told.verdict.status !== 'pass';
    if (!this.#events.observed && !(isNotable && this.#notable.observed)) return;
    const event: SupervisorEvent = { ...told, at: this.#clock.now() };
    this.#runQueue.push(() => {
      this.#events.next(event);
      if (isNotable) this.#notable.next(event);
    });
  };

  /** Whether somebody listens to all events, or to the notable ones. */
  get isObserved(): boolean {
    return this.#events.observed || this.#notable.observed;
  }

  complete(): void {
    this.#events.complete();
    this.#notable.complete();
  }
}
