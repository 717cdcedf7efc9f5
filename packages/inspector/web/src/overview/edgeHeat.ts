import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Flow } from '../store/actors.ts';
import { takenTransitions } from '../store/takenTransitions.ts';

/** How much of the heat is left a second later. */
const keptEachSecond = 0.6;

/** How often each transition of a chart is taken, in the recent past. */
export class EdgeHeat {
  readonly #graph: ChartGraph;
  readonly #rates = new Map<number, number>();
  readonly #known = new Map<string, ReadonlySet<number>>();

  constructor(graph: ChartGraph) {
    this.#graph = graph;
  }

  /** Adds what flowed in the last second, and lets the rest cool. */
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

  /** From 0 to 1: how warm an edge with these transitions is, against the warmest of all. */
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
