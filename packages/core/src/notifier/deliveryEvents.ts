/** An outcome of one delivery. `delivery.awaited` comes first when the client takes its time. */
export type DeliveryEvent =
  | { readonly type: 'delivery.awaited' }
  | { readonly type: 'delivery.done' }
  | { readonly type: 'delivery.failed'; readonly cause: unknown };

/** An account of notices that were not handed over: replaced by newer ones of their topics, or of topics long gone. */
export interface LossEvent {
  readonly type: 'notices.coalesced' | 'notices.dropped';
  readonly count: number;
}

/** The notifier whose client a port delivers to. */
export interface DeliveryListener {
  send(event: DeliveryEvent | LossEvent): void;
}

/** What became of the notices that a client had not read when it was stopped from reading. */
export interface Unread {
  readonly dropped: number;
  readonly coalesced: number;
}
