import type { Alert } from './alert.ts';
import { DeliveryError } from './deliveryError.ts';
import { type DeliveryEvent, type DispatcherCounts, noCounts } from './deliveryEvent.ts';
import type { Destination } from './destination.ts';
import { emptyOutbox, type Outbox } from './outbox.ts';
import type { RetryPolicy } from './retryPolicy.ts';
import type { Send } from './send.ts';

/** Input of the dispatcher machine. */
export interface DispatcherInput {
  /** As the configuration calls the destination. */
  readonly name: string;
  readonly destination: Destination;
  readonly policy: RetryPolicy;
  readonly send: Send;
  /** Where chance comes from: a number from 0 up to 1. */
  readonly random: () => number;
  /** Called with every event. Must not throw. */
  readonly tell: (event: DeliveryEvent) => void;
}

/** Context of the dispatcher machine. */
export interface DispatcherContext extends DispatcherInput {
  readonly outbox: Outbox;
  readonly isSending: boolean;
  /** Tries of the first alert so far. */
  readonly attempt: number;
  readonly delayMs: number;
  /** Why the last try failed. */
  readonly failure: DeliveryError;
  readonly counts: DispatcherCounts;
  /** Events of the last step, which `tell` passes on. */
  readonly events: readonly DeliveryEvent[];
}

export type DispatcherEvent =
  | { readonly type: 'alert'; readonly alert: Alert }
  /** The configuration changed: what waits goes to the new destination. */
  | { readonly type: 'update'; readonly destination: Destination; readonly policy: RetryPolicy }
  /** Delivers what is owed, as far as `closeMs` allows, and ends. */
  | { readonly type: 'close' };

/** Output of the dispatcher machine. */
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
    events: [],
  };
}

export function reportOf({ context: { name, counts, outbox } }: { context: DispatcherContext }): DispatcherReport {
  return { destination: name, ...counts, undelivered: outbox.queue };
}
