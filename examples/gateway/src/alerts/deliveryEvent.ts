import type { Alert } from './alert.ts';

/** Reason an alert never reached a destination. */
export type AlertDropReason =
  /** Every try failed. */
  | 'exhausted'
  /** The destination will not take it, now or later. */
  | 'refused'
  /** Too many waited. */
  | 'overflow'
  /** It was still owed when time was up, or came after the end had begun. */
  | 'closed';

/** An event of one destination, by its name. Every drop is one, with its reason (INV-77). */
export type DeliveryEvent = { readonly destination: string; readonly alert: Alert } & (
  | { readonly type: 'alert.sent'; readonly attempt: number }
  | { readonly type: 'alert.retrying'; readonly attempt: number; readonly delayMs: number; readonly why: string }
  /** An `up` took the place of the `down` it ends, which had not been delivered. */
  | { readonly type: 'alert.merged' }
  | { readonly type: 'alert.dropped'; readonly reason: AlertDropReason; readonly why?: string }
);

/** Counts of the alerts of one destination. */
export type DispatcherCounts = {
  readonly sent: number;
  readonly retried: number;
  readonly merged: number;
  readonly dropped: number;
};

export const noCounts: DispatcherCounts = { sent: 0, retried: 0, merged: 0, dropped: 0 };

const counted = {
  'alert.sent': 'sent',
  'alert.retrying': 'retried',
  'alert.merged': 'merged',
  'alert.dropped': 'dropped',
} as const satisfies Record<DeliveryEvent['type'], keyof DispatcherCounts>;

/** The counts with one more event in them. */
export function count(counts: DispatcherCounts, { type }: Pick<DeliveryEvent, 'type'>): DispatcherCounts {
  const name = counted[type];
  return { ...counts, [name]: counts[name] + 1 };
}
