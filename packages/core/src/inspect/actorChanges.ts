import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorChild } from '../monitor/monitorMachine.ts';
import type { ServiceChild } from '../service/serviceMachine.ts';
import type { Children } from '../supervisor/children.ts';
import type { ActorView } from './actorView.ts';

/** Changes of the children of a supervisor since the last call. */
export type ActorChanges = {
  /** Children that are new or have changed, as they are now. The supervisor is always among them. */
  readonly changed: readonly ActorView[];
  /** The actorIds of those that are gone. */
  readonly ended: readonly string[];
};

/** The children that views are made of. */
export type ViewedActors = {
  readonly children: Children;
  readonly handleOf: (child: MonitorChild) => Monitor;
  readonly supervisor: () => ActorView;
};

/** Returns a view of every actor as it is now, the supervisor first. */
export function* viewsOf({ children, handleOf, supervisor }: ViewedActors): Generator<ActorView> {
  yield supervisor();
  for (const child of children.monitors) yield monitorView(child, handleOf);
  for (const child of children.notifiers) yield clientView('notifier', child);
  for (const child of children.sessions) yield clientView('session', child);
  for (const child of children.services) yield serviceView(child);
}

/** Children of one kind in the order in which they were added, with the snapshot of each at the last call. */
class LastSeen<TChild extends WatchedChild> {
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
   * Compares the children with the known ones and adds to `changed` and `ended`. Both stand in the order in which they
   * were added, so one walk along both finds all: known ones that are not met are gone, those after the last known are new.
   */
  compare(changed: ActorView[], ended: string[]): void {
    const [known, snapshots] = [this.#known, this.#snapshots];
    let at = 0;
    let kept = 0;
    for (const child of this.#children) {
      while (at < known.length && known[at] !== child) ended.push((known[at++] as TChild).actorId);
      const snapshot = child.actor.getSnapshot();
      const isChanged = at >= known.length || snapshots[at] !== snapshot;
      if (isChanged) changed.push(this.#viewOf(child));
      if (isChanged || kept !== at) {
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
 * Returns what changed between two calls. Snapshots are immutable, so one comparison an actor shows whether it
 * changed; the children themselves are not involved.
 */
export class ChangeTracker {
  readonly #supervisor: () => ActorView;
  readonly #seen: readonly { compare(changed: ActorView[], ended: string[]): void }[];

  constructor({ children, handleOf, supervisor }: ViewedActors) {
    this.#supervisor = supervisor;
    this.#seen = [
      new LastSeen(children.monitors, (child) => monitorView(child, handleOf)),
      new LastSeen(children.notifiers, (child) => clientView('notifier', child)),
      new LastSeen(children.sessions, (child) => clientView('session', child)),
      new LastSeen(children.services, serviceView),
    ];
  }

  /** Returns the changes since the last call; at the first, all children. */
  next(): ActorChanges {
    const changed = [this.#supervisor()];
    const ended: string[] = [];
    for (const seen of this.#seen) seen.compare(changed, ended);
    return { changed, ended };
  }
}

function monitorView(child: MonitorChild, handleOf: ViewedActors['handleOf']): ActorView {
  const { id, actorId, actor } = child;
  const { health } = handleOf(child);
  return { actorId, kind: 'monitor', id, value: actor.getSnapshot().value, health };
}

/** The part of a child that a view is made of. */
type WatchedChild = {
  readonly id: string;
  readonly actorId: string;
  readonly actor: { getSnapshot(): Pick<ActorView, 'value'> };
};

function clientView(kind: 'notifier' | 'session', { id, actorId, actor }: WatchedChild): ActorView {
  return { actorId, kind, id, value: actor.getSnapshot().value };
}

function serviceView({ id, actorId, actor }: ServiceChild): ActorView {
  const { value, context } = actor.getSnapshot();
  return { actorId, kind: 'service', id, value, health: context.health };
}
