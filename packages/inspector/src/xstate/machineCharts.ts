import { type ChartGraph, chartGraphOf, type DrawableNode } from '../chart/chartGraph.ts';
import type { ShownKind } from '../protocol/shownActor.ts';

/** Most machines that are told apart; actors of any further machine are shown without a chart. */
export const mostCharts = 64;

/** A machine with more states than this is shown as a list. */
export const mostStatesDrawn = 400;

/** Charts of the machines of a plain XState program, found through its actors. */
export class MachineCharts {
  /** A machine that was given other implementations is another object with the same config. */
  readonly #kinds = new Map<unknown, ShownKind>();
  readonly #roots = new Map<ShownKind, DrawableNode>();
  readonly #graphs = new Map<ShownKind, ChartGraph | undefined>();

  /** Returns the kind of an actor with this logic: one for each machine. */
  kindOf(logic: unknown): ShownKind {
    if (!isMachine(logic)) return 'actor';
    const known = this.#kinds.get(logic.config);
    if (known !== undefined) return known;
    if (this.#kinds.size >= mostCharts) return 'actor';
    const kind = this.#unused(`actor:${logic.id}`);
    this.#kinds.set(logic.config, kind);
    this.#roots.set(kind, logic.root);
    return kind;
  }

  /** Returns the chart of a kind, read on first use. */
  chartOf(kind: ShownKind): ChartGraph | undefined {
    const root = this.#roots.get(kind);
    if (root === undefined) return undefined;
    if (!this.#graphs.has(kind)) {
      const graph = chartGraphOf(root);
      this.#graphs.set(kind, graph.states.length > mostStatesDrawn ? undefined : graph);
    }
    return this.#graphs.get(kind);
  }

  #unused(wanted: `actor:${string}`): ShownKind {
    let kind = wanted;
    for (let number = 2; this.#roots.has(kind); number += 1) kind = `${wanted} ${number}`;
    return kind;
  }
}

type Machine = { readonly id: string; readonly config: object; readonly root: DrawableNode };

function isMachine(logic: unknown): logic is Machine {
  if (typeof logic !== 'object' || logic === null || !('root' in logic) || !('config' in logic)) return false;
  const { root } = logic;
  return typeof root === 'object' && root !== null && 'states' in root && 'transitions' in root;
}
