import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { Actors } from '../supervisor/children.ts';
import type { ActorView } from './actorView.ts';

/** What became of the actors of a supervisor since it was last asked. */
export type ActorChanges = {
  /** Actors that are new or have changed, as they are now. The supervisor is always among them. */
  readonly changed: readonly ActorView[];
  /** The actorIds of those that are gone. */
  readonly ended: readonly string[];
};

/** What a watch looks at. */
export type ViewedActors = {
  readonly actors: Actors;
  readonly faceOf: (child: MonitorChild) => Monitor;
  readonly supervisor: () => ActorView;
};

/** Every actor as it is now, the supervisor first. */
export function* viewsOf({ actors, faceOf, supervisor }: ViewedActors): Generator<ActorView> {
  yield supervisor();
  for (const child of actors.monitors) yield monitorView(child, faceOf);
  for (const child of actors.notifiers) yield clientView('notifier', child);
  for (const child of actors.sessions) yield clientView('session', child);
}

/** One kind of child, in the order in which they were added, and what each was when it was last looked at. */
class Seen<TChild extends WatchedChild> {
  readonly #children: Iterable<TChild>;
  readonly #viewOf: (child: TChild) => ActorView;
  /** In two columns: a walk through ten thousand children is as fast as memory is. */
  readonly #known: TChild[] = [];
  readonly #snapshots: unknown[] = [];

  constructor(children: Iterable<TChild>, viewOf: (child: TChild) => ActorView) {
    this.#children = children;
    this.#viewOf = viewOf;
  }

  /**
   * Compares the children with those that were known. Both stand in the order in which they were added, so one walk along
   * both finds all: known ones that are not met are gone, and those after the last known are new.
   */
  look(changed: ActorView[], ended: string[]): void {
    const [known, snapshots] = [this.#known, this.#snapshots];
    let at = 0;
    let kept = 0;
    for (const child of this.#children) {
      while (at < known.length && known[at] !== child) ended.push((known[at++] as TChild).actorId);
      const snapshot = child.actor.getSnapshot();
      const isNews = at >= known.length || snapshots[at] !== snapshot;
      if (isNews) changed.push(this.#viewOf(child));
      if (isNews || kept !== at) {
        known[kept] = child;
        snapshots[kept] = snapshot;
      }
      at += 1;
      kept += 1;
    }
    for (; at < known.length; at += 1) ended.push((known[at] as TChild).actorId);
    known.length = kept;
    snapshots.length = kept;
  }
}

/**
 * Tells what changed from one look to the next. Snapshots are never altered, so one comparison an actor says
 * whether it changed; the actors themselves know nothing of it.
 */
export class ChangeTracker {
  readonly #supervisor: () => ActorView;
  readonly #seen: readonly { look(changed: ActorView[], ended: string[]): void }[];

  constructor({ actors, faceOf, supervisor }: ViewedActors) {
    this.#supervisor = supervisor;
    this.#seen = [
      new Seen(actors.monitors, (child) => monitorView(child, faceOf)),
      new Seen(actors.notifiers, (child) => clientView('notifier', child)),
      new Seen(actors.sessions, (child) => clientView('session', child)),
    ];
  }

  /** What is new since the last call; at the first, everything. */
  next(): ActorChanges {
    const changed = [this.#supervisor()];
    const ended: string[] = [];
    for (const seen of this.#seen) seen.look(changed, ended);
    return { changed, ended };
  }
}

function monitorView(child: MonitorChild, faceOf: ViewedActors['faceOf']): ActorView {
  const { id, actorId, actor } = child;
  const { health } = faceOf(child);
  return { actorId, kind: 'monitor', id, value: actor.getSnapshot().value, health };
}

/** The part of a child that is looked at. */
type WatchedChild = {
  readonly id: string;
  readonly actorId: string;
  readonly actor: { getSnapshot(): Pick<ActorView, 'value'> };
};

function clientView(kind: 'notifier' | 'session', { id, actorId, actor }: WatchedChild): ActorView {
  return { actorId, kind, id, value: actor.getSnapshot().value };
}
