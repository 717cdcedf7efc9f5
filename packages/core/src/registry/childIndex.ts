import type { AnyActorRef } from 'xstate';
import { isStarted } from '../xstate/actorInternals.ts';
import type { Child } from './child.ts';
import { affectedBy, type Strategy } from './restartPolicy.ts';

/** The children of a registry, found by id and by actor id, in the order of adding. */
export class ChildIndex<TChild extends Child> {
  readonly #byActorId = new Map<string, TChild>();
  readonly #byId = new Map<string, TChild>();
  readonly #retired = new Set<TChild>();

  get size(): number {
    return this.#byActorId.size;
  }

  /** Adds a child. An older one with its id is no longer found by it. */
  add(child: TChild): void {
    this.#byActorId.set(child.actorId, child);
    this.#byId.set(child.id, child);
  }

  /** Removes a child. A later one with its id is not touched (INV-6). */
  remove(child: TChild): void {
    this.#byActorId.delete(child.actorId);
    this.#retired.delete(child);
    if (this.#byId.get(child.id) === child) this.#byId.delete(child.id);
  }

  /** Rules out a restart of a child. */
  retire(child: TChild): void {
    this.#retired.add(child);
  }

  isRetired(child: TChild): boolean {
    return this.#retired.has(child);
  }

  named(id: string): TChild | undefined {
    return this.#byId.get(id);
  }

  withActor(actorId: string): TChild | undefined {
    return this.#byActorId.get(actorId);
  }

  all(): IterableIterator<TChild> {
    return this.#byActorId.values();
  }

  /** The children of one parent, the last added first. */
  ofParent(parent: AnyActorRef): readonly TChild[] {
    return [...this.all()].filter(({ actor }) => actor._parent === parent).reverse();
  }

  /** The children that a crash restarts: the crashed one, and of its siblings those that run or wait for a restart. */
  restartedWith(crashed: TChild, strategy: Strategy): readonly TChild[] {
    if (strategy === 'one_for_one') return [crashed];
    return affectedBy(strategy, crashed, [...this.all()]).filter(
      (child) => child === crashed || child.isRestarting || this.#mayRestart(child),
    );
  }

  #mayRestart(child: TChild): boolean {
    return isStarted(child.actor) && !child.isTerminated && !this.#retired.has(child);
  }
}
