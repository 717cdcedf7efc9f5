import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Flow } from '../store/actors.ts';
import { takenTransitions } from '../store/takenTransitions.ts';

/** Share of the rate that is left a second later. */
const keptEachSecond = 0.6;

/** Rate at which each transition of a chart was taken lately. */
export class EdgeHeat {
  readonly #graph: ChartGraph;
  readonly #rates = new Map<number, number>();
  readonly #known = new Map<string, ReadonlySet<number>>();

  constructor(graph: ChartGraph) {
    this.#graph = graph;
  }

  /** Adds the flows of the last second, and decays the rates before. */
  add(flows: readonly Flow[]): void {
    for (const [transition, rate] of this.#rates) {
      if (rate < 0.05) this.#rates.delete(transition);
      else this.#rates.set(transition, rate * keptEachSecond);
    }
    for (const { before, after, times } of flows) {
      for (const transition of this.#taken(before, after)) {
        this.#rates.set(transition, (this.#rates.get(transition) ?? 0) + times * (1 - keptEachSecond));
      }
    }
  }

  /** Returns the rate of an edge with these transitions, from 0 to 1 of the highest rate. */
  of(transitions: readonly number[]): number {
    const warmest = Math.max(1, ...this.#rates.values());
    const rate = Math.max(0, ...transitions.map((transition) => this.#rates.get(transition) ?? 0));
    return rate === 0 ? 0 : Math.max(0.12, Math.sqrt(rate / warmest));
  }

  #taken(before: readonly string[], after: readonly string[]): ReadonlySet<number> {
    const key = `${before.join()} ${after.join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const taken = takenTransitions(this.#graph, before, after);
    this.#known.set(key, taken);
    return taken;
  }
}
