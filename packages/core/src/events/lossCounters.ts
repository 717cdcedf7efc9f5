import type { ActorEvent, SupervisorOwnEvent } from './events.ts';

/** Counts of what has been lost, refused or failed since the supervisor was made; each is also an event (INV-77). */
export type LossCounts = {
  readonly coalesced: number;
  readonly dropped: number;
  readonly stalled: number;
  readonly deliveriesFailed: number;
  readonly refused: number;
  readonly checksFailed: number;
  readonly verdictsDiscarded: number;
  readonly actorsFailed: number;
};

const counted: Partial<Record<(ActorEvent | SupervisorOwnEvent)['type'], keyof LossCounts>> = {
  'notice.coalesced': 'coalesced',
  'notice.dropped': 'dropped',
  'delivery.stalled': 'stalled',
  'delivery.failed': 'deliveriesFailed',
  'admission.refused': 'refused',
  'client.refused': 'refused',
  'check.failed': 'checksFailed',
  'verdict.discarded': 'verdictsDiscarded',
  'actor.failed': 'actorsFailed',
};

/** Counts losses, whether anybody observes the events or not. */
export class LossCounters {
  readonly #counts = {
    coalesced: 0,
    dropped: 0,
    stalled: 0,
    deliveriesFailed: 0,
    refused: 0,
    checksFailed: 0,
    verdictsDiscarded: 0,
    actorsFailed: 0,
  };

  count({ type }: ActorEvent | SupervisorOwnEvent): void {
    const name = counted[type];
    if (name !== undefined) this.#counts[name] += 1;
  }

  get counts(): LossCounts {
    return { ...this.#counts };
  }
}
