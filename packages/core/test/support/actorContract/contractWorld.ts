import { type AnyActorRef, type createActor, type InspectionEvent, SimulatedClock } from 'xstate';

/** Surroundings of one case of the actor contract: one with XState's actors, one with lean ones. */
export class ContractWorld {
  readonly create: typeof createActor;
  readonly clock = new SimulatedClock();
  /** What was seen, in order; it must be the same in both worlds. */
  readonly log: unknown[] = [];

  constructor(create: typeof createActor) {
    this.create = create;
  }

  readonly note = (...seen: unknown[]): void => {
    this.log.push(seen.map(plain));
  };

  /** Notes all an actor's subscribers are told, under a name. */
  readonly observe = (name: string, actor: AnyActorRef) =>
    actor.subscribe({
      next: (snapshot: unknown) => this.note(name, 'next', snapshot),
      error: (error: unknown) => this.note(name, 'error', error),
      complete: () => this.note(name, 'complete'),
    });

  /** Notes what inspectors are told, actors by their ids. */
  readonly inspect = (event: InspectionEvent): void => {
    const { type, rootId } = event;
    const actorRef = event.actorRef as AnyActorRef;
    const source = 'sourceRef' in event ? (event.sourceRef as AnyActorRef | undefined)?.id : undefined;
    const told = 'event' in event ? event.event : 'action' in event ? event.action : undefined;
    this.note('inspected', type, actorRef.id, {
      source,
      told,
      snapshot: 'snapshot' in event && event.snapshot,
      ofRoot: rootId === rootOf(actorRef).sessionId,
    });
  };

  /** Lets promise continuations run. */
  readonly settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await null;
  };
}

function rootOf(actor: AnyActorRef): AnyActorRef {
  return actor._parent === undefined ? actor : rootOf(actor._parent);
}

/**
 * A value without what differs from world to world: snapshots by their plain fields, actors by id, errors by message.
 */
function plain(value: unknown): unknown {
  if (value instanceof Error) return `error ${value.message}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('sessionId' in value && 'id' in value) return `actor ${value.id}`;
  const shown = Object.entries(value).filter(([key, field]) => !hidden.has(key) && typeof field !== 'function');
  return Object.fromEntries(shown.map(([key, field]) => [key, plain(field)]));
}

const hidden = new Set(['machine', '_nodes', 'historyValue', 'tags', '_subscription']);

export type Cases = Record<string, (world: ContractWorld) => void | Promise<void>>;
