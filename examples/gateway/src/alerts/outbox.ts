import type { Alert } from './alert.ts';

/** The alerts one destination is owed, in their order. */
export interface Outbox {
  /** The first is the one that is tried; it stays until it is delivered or dropped. */
  readonly queue: readonly Alert[];
  /** By target: the outage whose `down` was dropped. Its `up` will tell of both. */
  readonly untold: Readonly<Record<string, string>>;
}

export const emptyOutbox: Outbox = { queue: [], untold: {} };

/** Result of putting an alert into an outbox. */
export interface Posted {
  readonly outbox: Outbox;
  /** Whether it took the place of the `down` it ends. */
  readonly merged: boolean;
  /** The alert that was dropped to make room. */
  readonly dropped?: Alert;
}

/** Bounds of one outbox. */
export interface OutboxRoom {
  /** Whether the first alert is on its way, and so may already have been heard. */
  readonly isSending: boolean;
  readonly maxQueued: number;
}

const both = (up: Alert): Alert => ({ ...up, news: 'both' });

/**
 * Puts an alert behind the others, so that those of one target keep their order. An `up` whose `down` still waits takes
 * its place and tells of both: a pair is never torn (INV-71). In a full outbox the oldest that waits gives way.
 */
export function post(outbox: Outbox, alert: Alert, { isSending, maxQueued }: OutboxRoom): Posted {
  const { queue, untold } = outbox;
  if (alert.news === 'up') {
    const waiting = queue.findIndex(
      ({ outage, news }, place) => news === 'down' && outage === alert.outage && !(isSending && place === 0),
    );
    if (waiting !== -1) return { outbox: { ...outbox, queue: queue.with(waiting, both(alert)) }, merged: true };
  }
  const isUntold = alert.news === 'up' && untold[alert.target] === alert.outage;
  const { [alert.target]: _, ...rest } = untold;
  const grown: Outbox = {
    queue: [...queue, isUntold ? both(alert) : alert],
    untold: isUntold ? rest : untold,
  };
  if (grown.queue.length <= maxQueued) return { outbox: grown, merged: false };
  // Never the first: its delivery may be under way.
  return { ...without(grown, 1), merged: false };
}

/** The outbox once the first alert was delivered. */
export function delivered({ queue, untold }: Outbox): Outbox {
  return { queue: queue.slice(1), untold };
}

/** The outbox once the first alert is given up. */
export function givenUp(outbox: Outbox): Outbox {
  return without(outbox, 0).outbox;
}

/** The outbox before the first alert is tried again: if its end is known by now, it tells of both. */
export function beforeRetry({ queue, untold }: Outbox): { readonly outbox: Outbox; readonly merged: boolean } {
  const [first, ...rest] = queue;
  const up = first?.news === 'down' ? rest.find(({ outage }) => outage === first.outage) : undefined;
  if (up === undefined) return { outbox: { queue, untold }, merged: false };
  return { outbox: { queue: [both(up), ...rest.filter((alert) => alert !== up)], untold }, merged: true };
}

/** Takes one alert out for good. If that was a `down`, its `up` tells of both, whether it waits already or comes later. */
function without({ queue, untold }: Outbox, place: number): { readonly outbox: Outbox; readonly dropped: Alert } {
  const dropped = queue[place];
  if (dropped === undefined) throw new RangeError(`There is no alert at place ${place} of ${queue.length}`);
  const rest = queue.toSpliced(place, 1);
  if (dropped.news !== 'down') return { outbox: { queue: rest, untold }, dropped };
  const up = rest.findIndex(({ outage }) => outage === dropped.outage);
  const end = rest[up];
  if (end !== undefined) return { outbox: { queue: rest.with(up, both(end)), untold }, dropped };
  return { outbox: { queue: rest, untold: { ...untold, [dropped.target]: dropped.outage } }, dropped };
}
