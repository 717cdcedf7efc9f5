import type { Actors, MonitorChild } from './actors.ts';
import type { ActorView } from './actorView.ts';
import type { Monitor } from './monitor.ts';

/** What became of the actors of a supervisor since it was last asked. */
export type ActorNews = {
  /** Actors that are new or have changed, as they are now. The supervisor is always among them. */
  readonly changed: readonly ActorView[];
  /** The actorIds of those that are gone. */
  readonly ended: readonly string[];
};

/** What a watch looks at. */
export type ActorWatchInput = {
  readonly actors: Actors;
  readonly faceOf: (child: MonitorChild) => Monitor;
  readonly supervisor: () => ActorView;
};

/** Every actor as it is now, the supervisor first. */
export function* viewsOf({ actors, faceOf, supervisor }: ActorWatchInput): Generator<ActorView> {
  yield supervisor();
  for (const child of actors.monitors) yield monitorView(child, faceOf);
  for (const child of actors.notifiers) yield clientView('notifier', child);
  for (const child of actors.sessions) yield clientView('session', child);
}

/**
 * Tells what changed from one look to the next. Snapshots are never altered, so one comparison an actor says
 * whether it changed; the actors themselves know nothing of it.
 */
export class ActorWatch {
  readonly #input: ActorWatchInput;
  readonly #seen = new Map<string, { snapshot: unknown; look: number }>();
  #look = 0;

  constructor(input: ActorWatchInput) {
    this.#input = input;
  }

  /** What is new since the last call; at the first, everything. */
  next(): ActorNews {
    const { actors, faceOf, supervisor } = this.#input;
    this.#look += 1;
    const changed = [supervisor()];
    let present = 0;
    for (const child of actors.monitors) {
      present += 1;
      if (this.#isNews(child.actorId, child.actor.getSnapshot())) changed.push(monitorView(child, faceOf));
    }
    for (const child of actors.notifiers) {
      present += 1;
      if (this.#isNews(child.actorId, child.actor.getSnapshot())) changed.push(clientView('notifier', child));
    }
    for (const child of actors.sessions) {
      present += 1;
      if (this.#isNews(child.actorId, child.actor.getSnapshot())) changed.push(clientView('session', child));
    }
    return { changed, ended: this.#seen.size > present ? this.#takeEnded() : [] };
  }

  #isNews(actorId: string, snapshot: unknown): boolean {
    const seen = this.#seen.get(actorId);
    if (seen === undefined) {
      this.#seen.set(actorId, { snapshot, look: this.#look });
      return true;
    }
    seen.look = this.#look;
    if (seen.snapshot === snapshot) return false;
    seen.snapshot = snapshot;
    return true;
  }

  #takeEnded(): string[] {
    const ended: string[] = [];
    for (const [actorId, { look }] of this.#seen) if (look !== this.#look) ended.push(actorId);
    for (const actorId of ended) this.#seen.delete(actorId);
    return ended;
  }
}

function monitorView(child: MonitorChild, faceOf: ActorWatchInput['faceOf']): ActorView {
  const { id, actorId, actor } = child;
  const { health } = faceOf(child);
  return { actorId, kind: 'monitor', id, value: actor.getSnapshot().value, health };
}

type ClientChild = {
  readonly id: string;
  readonly actorId: string;
  readonly actor: { getSnapshot(): Pick<ActorView, 'value'> };
};

function clientView(kind: 'notifier' | 'session', { id, actorId, actor }: ClientChild): ActorView {
  return { actorId, kind, id, value: actor.getSnapshot().value };
}
