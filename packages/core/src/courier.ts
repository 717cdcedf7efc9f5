import type { Notice } from './notice.ts';
import type { Deliver } from './notifierOptions.ts';
import type { RunQueue } from './runQueue.ts';

/** What became of one delivery. `awaited` comes first when the client did not take it at once. */
export type DeliveryEvent =
  | { readonly type: 'delivery.awaited' }
  | { readonly type: 'delivery.done' }
  | { readonly type: 'delivery.failed'; readonly cause: unknown };

const awaited: DeliveryEvent = { type: 'delivery.awaited' };
const done: DeliveryEvent = { type: 'delivery.done' };

/** Calls one client's `deliver` outside of every transition, and says what became of it. */
export class Courier {
  readonly #deliver: Deliver;
  readonly #runQueue: RunQueue;
  #abort: AbortController | undefined;
  #abandoned = false;

  constructor(deliver: Deliver, runQueue: RunQueue) {
    this.#deliver = deliver;
    this.#runQueue = runQueue;
  }

  /** Hands over one notice; `tell` hears the outcome. One at a time. */
  hand(notice: Notice, tell: (event: DeliveryEvent) => void): void {
    this.#runQueue.push(() => {
      if (this.#abandoned) return;
      try {
        const taken = this.#call(notice);
        if (taken === undefined) return tell(done);
        tell(awaited);
        Promise.resolve(taken).then(
          () => tell(done),
          (cause: unknown) => tell({ type: 'delivery.failed', cause }),
        );
      } catch (cause) {
        tell({ type: 'delivery.failed', cause });
      }
    });
  }

  /** Gives up on the delivery under way and on all that might follow. */
  abandon(): void {
    this.#abandoned = true;
    this.#abort?.abort();
  }

  #call(notice: Notice): void | Promise<void> {
    // A signal costs more than most deliveries; one declared parameter shows that it would not be used.
    if (this.#deliver.length === 1) return (this.#deliver as (notice: Notice) => void | Promise<void>)(notice);
    this.#abort ??= new AbortController();
    return this.#deliver(notice, this.#abort.signal);
  }
}
