import type { HealthNotice, Notice } from '../model/notice.ts';
import type { RunQueue, Task } from '../runtime/runQueue.ts';
import type { Convergence } from './convergence.ts';
import type { Deliver } from './notifierOptions.ts';

/** What became of one delivery. `awaited` comes first when the client takes its time. */
export type DeliveryEvent =
  | { readonly type: 'delivery.awaited' }
  | { readonly type: 'delivery.done' }
  | { readonly type: 'delivery.failed'; readonly cause: unknown };

/** A notice on its way to a notifier. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly notice: HealthNotice;
}

/** Whom a courier serves: its notifier. */
export interface CourierOwner {
  send(event: NoticeEvent | DeliveryEvent): void;
}

const awaited: DeliveryEvent = { type: 'delivery.awaited' };
const done: DeliveryEvent = { type: 'delivery.done' };

/**
 * Calls one client's `deliver` outside of every transition, one notice at a time, and says what became of it.
 *
 * It is its own task of the run queue, and keeps the notice under way for the notifier: with a hundred thousand
 * clients, an object more for each delivery is what a broadcast costs. For the same reason a courier at rest sets out
 * with a notice at once, and its notifier hears of that only where there is something to do: see {@link Courier.bring}.
 */
export class Courier implements Task {
  readonly #deliver: Deliver;
  readonly #takesSignal: boolean;
  readonly #runQueue: RunQueue;
  readonly #convergence: Pick<Convergence, 'settle'>;
  #carried: Notice | undefined;
  #owner: CourierOwner | undefined;
  #abort: AbortController | undefined;
  /** What the client answered, until that settles. */
  #taking: Promise<void> | undefined;
  #abandoned = false;
  /** Whether its notifier waits for it to come back. */
  #isExpected = false;

  constructor(deliver: Deliver, runQueue: RunQueue, convergence: Pick<Convergence, 'settle'>) {
    this.#deliver = deliver;
    // A signal costs more than most deliveries; one declared parameter shows that it would not be used.
    this.#takesSignal = deliver.length !== 1;
    this.#runQueue = runQueue;
    this.#convergence = convergence;
  }

  /** The notice that was handed over and has not been taken. */
  get carried(): Notice | undefined {
    return this.#carried;
  }

  /** Says whom it serves, once, before it is given anything. */
  serve(owner: CourierOwner): void {
    this.#owner = owner;
  }

  /**
   * Brings a notice to the client. A courier at rest sets out with it, for then its notifier is idle and would only
   * hand it on; it hears of a delivery that is not done at once, or fails. A busy one leaves the notice to the
   * notifier, who knows what else waits.
   */
  bring(event: NoticeEvent): void {
    if (this.#carried === undefined) this.#setOut(event.notice);
    else this.#owner?.send(event);
  }

  /** Hands over one notice, when the one before has been taken; the notifier hears the outcome. */
  hand(notice: Notice): void {
    this.#isExpected = true;
    this.#setOut(notice);
  }

  /** Lets the notifier hear the outcome of the delivery under way, for something waits for it. */
  expect(): void {
    this.#isExpected = true;
  }

  /** Gives up on the delivery under way and on all that might follow. */
  abandon(): void {
    this.#abandoned = true;
    this.#abort?.abort();
  }

  /** Called by the run queue. */
  run(): void {
    if (this.#abandoned || this.#carried === undefined) return;
    try {
      const taken = this.#call(this.#carried);
      if (taken === undefined) this.#comeBack();
      else this.#wait(taken);
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #setOut(notice: Notice): void {
    if (this.#abandoned) return;
    this.#carried = notice;
    this.#runQueue.push(this);
  }

  #wait(taken: Promise<void>): void {
    this.#taking = taken;
    Promise.resolve(taken).then(
      () => this.#comeBack(),
      (cause: unknown) => this.#fail(cause),
    );
    // A delivery that was done when it answered has come back before this.
    queueMicrotask(() => {
      if (this.#taking !== taken) return;
      this.#isExpected = true;
      this.#owner?.send(awaited);
    });
  }

  #comeBack(): void {
    const taken = this.#carried;
    this.#carried = undefined;
    this.#taking = undefined;
    if (this.#isExpected) {
      this.#isExpected = false;
      this.#owner?.send(done);
    }
    // One that was given up on has been dropped, and counts as that.
    if (taken !== undefined && !this.#abandoned) this.#convergence.settle(taken, true);
  }

  #fail(cause: unknown): void {
    this.#taking = undefined;
    this.#owner?.send({ type: 'delivery.failed', cause });
  }

  #call(notice: Notice): void | Promise<void> {
    if (!this.#takesSignal) return (this.#deliver as (notice: Notice) => void | Promise<void>)(notice);
    this.#abort ??= new AbortController();
    return this.#deliver(notice, this.#abort.signal);
  }
}
