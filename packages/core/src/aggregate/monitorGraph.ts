import { CycleError, UnknownIdError } from '../errors.ts';
import { Composites } from './composites.ts';
import { DirectedGraph, findCycle } from './directedGraph.ts';
import type { HealthIndex } from './healthIndex.ts';
import { rootCauseOf } from './rootCause.ts';

/** What the monitors of one supervisor require of each other: composites their members, and dependencies. */
export class MonitorGraph {
  readonly composites: Composites;
  readonly dependencies = new DirectedGraph();
  readonly #healthIndex: HealthIndex;
  /** The root cause that was last reported, by monitor; absent where there was none. */
  readonly #reported = new Map<string, string>();

  constructor(healthIndex: HealthIndex) {
    this.#healthIndex = healthIndex;
    this.composites = new Composites(healthIndex);
  }

  /**
   * Checks that `id`, with these tags, may require `others`.
   *
   * @throws {@link UnknownIdError} when one of `others` does not run.
   * @throws {@link CycleError} when one of them requires `id`, directly, by a tag or through others, or is it.
   */
  assertCanRequire(option: string, id: string, others: readonly string[], tags: readonly string[]): void {
    this.#assertNoCycle(option, id, others, tags);
    for (const other of others) {
      if (this.#healthIndex.healthOf(other) === undefined) throw new UnknownIdError(option, other);
    }
  }

  /**
   * Checks that `id`, which depends on `dependencies`, may have these tags.
   *
   * @throws {@link CycleError} when a composite that follows one of them is required by `id`, directly or through others.
   */
  assertCanTag(option: string, id: string, tags: readonly string[], dependencies: readonly string[]): void {
    const followed = this.composites.tagOf(id);
    const own = followed !== undefined && tags.includes(followed) ? [id] : [];
    this.#assertNoCycle(option, id, [...(this.composites.membersOf(id) ?? []), ...dependencies, ...own], tags);
  }

  #assertNoCycle(option: string, id: string, others: readonly string[], tags: readonly string[]): void {
    if (others.length === 0) return;
    const cycle = findCycle(id, others, (other) => {
      const { members, dependencies } = this.requirementsOf(other);
      const followed = this.composites.tagOf(other);
      // As it will be, whatever tags it has now.
      const others = followed === undefined ? members : members.filter((member) => member !== id);
      return [...others, ...dependencies, ...(followed !== undefined && tags.includes(followed) ? [id] : [])];
    });
    if (cycle !== undefined) throw new CycleError(option, cycle);
  }

  /** What a monitor requires directly. */
  requirementsOf(id: string): { readonly dependencies: readonly string[]; readonly members: readonly string[] } {
    return {
      dependencies: this.dependencies.dependenciesOf(id),
      members: this.composites.membersOf(id) ?? [],
    };
  }

  /** The monitor that is the root cause of `id` being let down, where there is one. */
  readonly rootCauseOf = (id: string): string | undefined =>
    rootCauseOf(id, {
      dependenciesOf: (other) => this.dependencies.dependenciesOf(other),
      healthOf: (other) => this.#healthIndex.countedOf(other),
    });

  /** Returns the root cause of `id` where it is another than at the last call, and `undefined` where it is the same. */
  changedRootCause(id: string): { readonly rootCause: string | undefined } | undefined {
    const rootCause = this.rootCauseOf(id);
    if (rootCause === this.#reported.get(id)) return undefined;
    if (rootCause === undefined) this.#reported.delete(id);
    else this.#reported.set(id, rootCause);
    return { rootCause };
  }

  /** Removes what a monitor that is gone required. */
  remove(id: string): void {
    this.composites.remove(id);
    this.dependencies.remove(id);
    this.#reported.delete(id);
  }
}
