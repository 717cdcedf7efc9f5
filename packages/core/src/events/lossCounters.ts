import type { ActorEvent, SupervisorOwnEvent } from './events.ts';
import { eventTable, type LossCounts } from './eventTable.ts';

/** The count of each type of event that adds to one. Looked up for every event, so it is taken from the table once. */
const counted: Partial<Record<(ActorEvent | SupervisorOwnEvent)['type'], keyof LossCounts>> = Object.fromEntries(
  Object.entries(eventTable).flatMap(([type, { count }]) => (count === undefined ? [] : [[type, count]])),
);

/** Counts losses, whether anybody observes the events or not. */
export class LossCounters {
  readonly #counts = {
    coalesced: 0,
    dropped: 0,
    stalled: 0,
    deliveriesFailed: 0,
    refused: 0,
    admitsFailed: 0,
    checksFailed: 0,
    verdictsDiscarded: 0,
    actorsFailed: 0,
    lawsViolated: 0,
  };

  count(event: ActorEvent | SupervisorOwnEvent): void {
    const name = counted[event.type];
    if (name !== undefined) this.#counts[name] += 'count' in event ? event.count : 1;
  }

  get counts(): LossCounts {
    return { ...this.#counts };
  }
}
