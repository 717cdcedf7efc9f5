import { CycleError, UnknownIdError } from '../errors.ts';
import { Composites } from './composites.ts';
import { cycleOf, Relations } from './directedGraph.ts';
import type { HealthLedger } from './healthIndex.ts';
import { rootCauseOf } from './rootCause.ts';

/** What the monitors of one supervisor rest on: composites on their members, dependants on what they depend on. */
export class Ground {
  readonly composites: Composites;
  readonly dependencies = new Relations();
  readonly #ledger: HealthLedger;
  readonly #told = new Map<string, string>();

  constructor(ledger: HealthLedger) {
    this.#ledger = ledger;
    this.composites = new Composites(ledger);
  }

  /**
   * @throws {@link UnknownIdError} when one of `below` does not run.
   * @throws {@link CycleError} when one of them rests on `id`, or is it.
   */
  require(option: string, id: string, below: readonly string[]): void {
    const belowOf = (other: string) => [...this.composites.members.below(other), ...this.dependencies.below(other)];
    const cycle = cycleOf(id, below, belowOf);
    if (cycle !== undefined) throw new CycleError(option, cycle);
    for (const other of below) {
      if (this.#ledger.healthOf(other) === undefined) throw new UnknownIdError(option, other);
    }
  }

  /** What a monitor rests on directly. */
  below(id: string): { readonly dependencies: readonly string[]; readonly members: readonly string[] } {
    return { dependencies: this.dependencies.below(id), members: this.composites.members.below(id) };
  }

  /** The monitor at the bottom of what lets `id` down, if anything does. */
  readonly rootCauseOf = (id: string): string | undefined =>
    rootCauseOf(id, {
      dependenciesOf: (other) => this.dependencies.below(other),
      healthOf: (other) => this.#ledger.healthOf(other),
    });

  /** The root cause of `id` where it is another than when this was last asked. */
  news(id: string): { readonly rootCause: string | undefined } | undefined {
    const rootCause = this.rootCauseOf(id);
    if (rootCause === this.#told.get(id)) return undefined;
    if (rootCause === undefined) this.#told.delete(id);
    else this.#told.set(id, rootCause);
    return { rootCause };
  }

  /** Forgets what a monitor that is gone rested on. */
  remove(id: string): void {
    this.composites.remove(id);
    this.dependencies.remove(id);
    this.#told.delete(id);
  }
}
