import type { InspectedSupervisor } from '../observed/inspectedSupervisor.ts';
import type { SendableActor, SendableEvent } from '../observed/sendableActor.ts';
import type { AllowedEvent, WantedEvent } from '../protocol/allowedEvent.ts';

/** Largest payload of an event that a page may send, in bytes of JSON. */
export const mostPayloadBytes = 1_024;

/** Events a page may send to the actors of a machine, by the id of the machine. */
export type EventLists = Readonly<Record<string, readonly string[]>>;

/** The events that pages may send: those the program lists for a machine, while the actor would take them. */
export class AllowedEvents {
  readonly #supervisor: Pick<InspectedSupervisor, 'reach'>;
  readonly #lists: ReadonlyMap<string, readonly string[]>;

  constructor(supervisor: Pick<InspectedSupervisor, 'reach'>, lists: EventLists) {
    this.#supervisor = supervisor;
    this.#lists = new Map(Object.entries(lists).filter(([, list]) => list.length > 0));
  }

  /** Ids of the machines with allowed events. */
  get machines(): readonly string[] {
    return Array.from(this.#lists.keys());
  }

  /** Returns the events that are listed for an actor. */
  eventsOf(actorId: string): readonly AllowedEvent[] {
    const actor = this.#supervisor.reach?.(actorId);
    if (actor === undefined) return [];
    return this.#listOf(actor).map((event) => ({ event, canNow: wouldTake(actor, { type: event }) }));
  }

  /** Sends an event; returns why not, if it is refused. */
  send({ actorId, event, payload }: WantedEvent): string | undefined {
    const actor = this.#supervisor.reach?.(actorId);
    if (actor === undefined) return 'No event can be sent to such an actor, or it is gone.';
    if (!this.#listOf(actor).includes(event)) return `The program does not allow ${event} for ${actor.machineId}.`;
    if (Buffer.byteLength(JSON.stringify(payload ?? {})) > mostPayloadBytes) {
      return `The payload is too large: ${mostPayloadBytes} bytes are allowed.`;
    }
    const sent = { ...payload, type: event };
    if (!wouldTake(actor, sent)) return `It takes no ${event} now.`;
    try {
      actor.send(sent);
    } catch {
      return `${event} failed.`;
    }
    return undefined;
  }

  #listOf({ machineId }: SendableActor): readonly string[] {
    return this.#lists.get(machineId) ?? [];
  }
}

/** Whether an actor would take an event now. A guard that throws counts as no. */
function wouldTake(actor: SendableActor, event: SendableEvent): boolean {
  try {
    return actor.can(event);
  } catch {
    return false;
  }
}
