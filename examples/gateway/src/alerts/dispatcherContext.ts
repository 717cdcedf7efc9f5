import type { Alert } from './alert.ts';
import { DeliveryError } from './deliveryError.ts';
import type { Destination } from './destination.ts';
import { type DispatcherCounts, type DispatcherFact, noCounts } from './dispatcherFact.ts';
import { emptyOutbox, type Outbox } from './outbox.ts';
import type { RetryPolicy } from './retryPolicy.ts';
import type { Send } from './send.ts';

/** What a dispatcher is made of. */
export interface DispatcherInput {
  /** As the configuration calls the destination. */
  readonly name: string;
  readonly destination: Destination;
  readonly policy: RetryPolicy;
  readonly send: Send;
  /** Where chance comes from: a number from 0 up to 1. */
  readonly random: () => number;
  /** Hears every fact. Must not throw. */
  readonly tell: (fact: DispatcherFact) => void;
}

/** What a dispatcher remembers. */
export interface DispatcherContext extends DispatcherInput {
  readonly outbox: Outbox;
  readonly isSending: boolean;
  /** Tries of the first alert so far. */
  readonly attempt: number;
  readonly delayMs: number;
  /** Why the last try failed. */
  readonly failure: DeliveryError;
  readonly counts: DispatcherCounts;
  /** What the last step is to tell. */
  readonly facts: readonly DispatcherFact[];
}

export type DispatcherEvent =
  | { readonly type: 'alert'; readonly alert: Alert }
  /** The configuration changed: what waits goes to the new destination. */
  | { readonly type: 'update'; readonly destination: Destination; readonly policy: RetryPolicy }
  /** Delivers what is owed, as far as `closeMs` allows, and ends. */
  | { readonly type: 'close' };

/** How a dispatcher ended. */
export type DispatcherReport = DispatcherCounts & {
  readonly destination: string;
  /** What it still owed. Each was also dropped, and counted. */
  readonly undelivered: readonly Alert[];
};

const none = new DeliveryError('not tried');

export function freshContext(input: DispatcherInput): DispatcherContext {
  return {
    ...input,
    outbox: emptyOutbox,
    isSending: false,
    attempt: 0,
    delayMs: 0,
    failure: none,
    counts: noCounts,
    facts: [],
  };
}

export function reportOf({ context: { name, counts, outbox } }: { context: DispatcherContext }): DispatcherReport {
  return { destination: name, ...counts, undelivered: outbox.queue };
}
