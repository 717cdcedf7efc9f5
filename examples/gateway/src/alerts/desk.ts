import type { Clock } from '@watchkeeper/core';
import { type ActorRefFrom, createActor, toPromise } from 'xstate';
import type { Alert } from './alert.ts';
import type { DeliveryEvent, DispatcherCounts } from './deliveryEvent.ts';
import type { Destination } from './destination.ts';
import type { DispatcherReport } from './dispatcherContext.ts';
import { dispatcherMachine } from './dispatcherMachine.ts';
import type { RetryPolicy } from './retryPolicy.ts';
import { type Send, sendByHttp } from './send.ts';

/** One destination as it is configured. */
export interface DestinationPlan {
  readonly destination: Destination;
  readonly policy: RetryPolicy;
}

/** Options of an alert desk. */
export interface DeskOptions {
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
  /** @default an HTTP POST */
  readonly send?: Send;
  /** Called with every event. Must not throw. */
  readonly tell: (event: DeliveryEvent) => void;
}

/** Status of one destination. Plain and serialisable. */
export type DestinationStatus = DispatcherCounts & {
  readonly name: string;
  readonly kind: Destination['kind'];
  readonly state: 'idle' | 'sending' | 'backingOff' | 'failed' | 'ended';
  readonly queued: number;
};

type Dispatcher = ActorRefFrom<typeof dispatcherMachine>;

/** Hands alerts to the dispatchers of their destinations. Each destination has its own, so a slow one delays no other. */
export class AlertDesk {
  readonly #options: DeskOptions;
  readonly #dispatchers = new Map<string, Dispatcher>();
  /** Those that have left the configuration, or end with the program, until they have. */
  readonly #leaving = new Set<Promise<DispatcherReport>>();
  #closed: Promise<readonly DispatcherReport[]> | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Queues an alert at the destinations with these names, and returns at once. A name that is gone is passed over. */
  tell(alert: Alert, names: readonly string[]): void {
    for (const name of new Set(names)) this.#dispatchers.get(name)?.send({ type: 'alert', alert });
  }

  add(name: string, { destination, policy }: DestinationPlan): void {
    const { clock, random = Math.random, send = sendByHttp, tell } = this.#options;
    const dispatcher = createActor(dispatcherMachine, {
      id: name,
      clock,
      input: { name, destination, policy, send, random, tell },
    });
    this.#dispatchers.set(name, dispatcher);
    dispatcher.start();
  }

  /** Sends from now on elsewhere, or otherwise; what waits goes there too. */
  update(name: string, { destination, policy }: DestinationPlan): void {
    this.#dispatchers.get(name)?.send({ type: 'update', destination, policy });
  }

  /** Lets a destination go once it has what it is owed. */
  remove(name: string): void {
    const dispatcher = this.#dispatchers.get(name);
    if (dispatcher === undefined) return;
    this.#dispatchers.delete(name);
    this.#dismiss(dispatcher);
  }

  statuses(): readonly DestinationStatus[] {
    return Array.from(this.#dispatchers, ([name, dispatcher]) => {
      const { context, value } = dispatcher.getSnapshot();
      const state = typeof value === 'object' ? value.working.delivery : value;
      return { name, kind: context.destination.kind, state, queued: context.outbox.queue.length, ...context.counts };
    });
  }

  /** Delivers what is owed, as far as the destinations' `closeMs` allow, and says what was not. */
  close(): Promise<readonly DispatcherReport[]> {
    if (this.#closed === undefined) {
      // They stay where they are found, to refuse what still comes, and count it.
      for (const dispatcher of this.#dispatchers.values()) this.#dismiss(dispatcher);
      this.#closed = Promise.all(this.#leaving);
    }
    return this.#closed;
  }

  #dismiss(dispatcher: Dispatcher): void {
    const ended = toPromise(dispatcher);
    this.#leaving.add(ended);
    void ended.then(() => this.#leaving.delete(ended));
    dispatcher.send({ type: 'close' });
  }
}
