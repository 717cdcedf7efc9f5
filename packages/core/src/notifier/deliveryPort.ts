import type { HealthNotice, Notice } from '../model/notice.ts';
import type { RunQueue, Task } from '../runtime/runQueue.ts';
import type { Convergence } from './convergence.ts';
import type { Deliver } from './notifierOptions.ts';

/** An outcome of one delivery. `delivery.awaited` comes first when the client takes its time. */
export type DeliveryEvent =
  | { readonly type: 'delivery.awaited' }
  | { readonly type: 'delivery.done' }
  | { readonly type: 'delivery.failed'; readonly cause: unknown };

/** A notice on its way to a notifier. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly notice: HealthNotice;
}

/** The notifier whose client a port delivers to. */
export interface DeliveryListener {
  send(event: NoticeEvent | DeliveryEvent): void;
}

const awaited: DeliveryEvent = { type: 'delivery.awaited' };
const done: DeliveryEvent = { type: 'delivery.done' };

/**
 * Calls one client's `deliver` outside of every transition, one notice at a time, and reports the outcome.
 *
 * It is its own task of the run queue, and holds the notice in flight for the notifier: with a hundred thousand
 * clients, one more object for each delivery is what a broadcast costs. For the same reason an idle port sends a
 * notice at once, and its notifier hears of that only where there is something to do: see {@link DeliveryPort.offer}.
 */
export class DeliveryPort implements Task {
  readonly #deliver: Deliver;
  readonly #takesSignal: boolean;
  readonly #runQueue: RunQueue;
  readonly #convergence: Pick<Convergence, 'deliveryEnded'>;
  #inFlight: Notice | undefined;
  #notifier: DeliveryListener | undefined;
  #abort: AbortController | undefined;
  /** The promise of the delivery in flight, until it settles. */
  #pending: Promise<void> | undefined;
  #abandoned = false;
  /** Whether the notifier is told when the delivery in flight is done. */
  #reportsNext = false;

  constructor(deliver: Deliver, runQueue: RunQueue, convergence: Pick<Convergence, 'deliveryEnded'>) {
    this.#deliver = deliver;
    // A signal costs more than most deliveries; one declared parameter shows that it would not be used.
    this.#takesSignal = deliver.length !== 1;
    this.#runQueue = runQueue;
    this.#convergence = convergence;
  }

  /** The notice that was sent and whose delivery has not ended. */
  get inFlight(): Notice | undefined {
    return this.#inFlight;
  }

  /** Sets the notifier that hears of outcomes. Call it once, before anything is offered or sent. */
  attach(notifier: DeliveryListener): void {
    this.#notifier = notifier;
  }

  /**
   * Offers a notice. An idle port sends it at once, for then its notifier is idle too and would only send it on; the
   * notifier hears of a delivery that is not done at once, or fails. A busy port passes the notice to the notifier,
   * which knows what else waits.
   */
  offer(event: NoticeEvent): void {
    if (this.#inFlight === undefined) this.#push(event.notice);
    else this.#notifier?.send(event);
  }

  /** Sends one notice and reports the outcome to the notifier. The delivery before it must have ended. */
  send(notice: Notice): void {
    this.#reportsNext = true;
    this.#push(notice);
  }

  /** Reports the outcome of the delivery in flight to the notifier, because something waits for it. */
  reportNext(): void {
    this.#reportsNext = true;
  }

  /** Gives up on the delivery in flight and on all that might follow. */
  abandon(): void {
    this.#abandoned = true;
    this.#abort?.abort();
  }

  /** Calls `deliver`. For the run queue only. */
  run(): void {
    if (this.#abandoned || this.#inFlight === undefined) return;
    try {
      const pending = this.#call(this.#inFlight);
      if (pending === undefined) this.#finish();
      else this.#wait(pending);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #push(notice: Notice): void {
    if (this.#abandoned) return;
    this.#inFlight = notice;
    this.#runQueue.push(this);
  }

  #wait(pending: Promise<void>): void {
    this.#pending = pending;
    Promise.resolve(pending).then(
      () => this.#finish(),
      (cause: unknown) => this.#fail(cause),
    );
    // A promise that was settled when it was returned has finished the delivery before this runs.
    queueMicrotask(() => {
      if (this.#pending !== pending) return;
      this.#reportsNext = true;
      this.#notifier?.send(awaited);
    });
  }

  #finish(): void {
    const delivered = this.#inFlight;
    this.#inFlight = undefined;
    this.#pending = undefined;
    if (this.#reportsNext) {
      this.#reportsNext = false;
      this.#notifier?.send(done);
    }
    // An abandoned delivery was counted as dropped.
    if (delivered !== undefined && !this.#abandoned) this.#convergence.deliveryEnded(delivered, true);
  }

  #fail(cause: unknown): void {
    this.#pending = undefined;
    this.#notifier?.send({ type: 'delivery.failed', cause });
  }

  #call(notice: Notice): void | Promise<void> {
    if (!this.#takesSignal) return (this.#deliver as (notice: Notice) => void | Promise<void>)(notice);
    this.#abort ??= new AbortController();
    return this.#deliver(notice, this.#abort.signal);
  }
}
