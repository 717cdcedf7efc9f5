import type { ChartGraph, ChartState, ChartTransition } from './chartGraph.ts';
import type { ElkEdge, ElkNode } from './elkTypes.ts';
import { type HubState, hubStateOf } from './hubState.ts';
import { transitionLabel } from './transitionLabel.ts';

/** Prefixes of the ids of two kinds of node: the initial dot of a state, and the start of its own transitions. */
export const initialNodePrefix = '*begin ';
export const anyNodePrefix = '*any ';

const nameWidth = 7.5;
const labelWidth = 6.5;
const labelLine = 16;

/** Input of ELK for a chart, and what its nodes and edges stand for, by their ids. */
export type ElkChart = {
  readonly root: ElkNode;
  readonly hubs: ReadonlyMap<string, HubState>;
  /** Transitions of each edge, by index in the graph. */
  readonly transitions: ReadonlyMap<string, readonly number[]>;
};

type Placed = ChartTransition & { readonly index: number };

/**
 * Returns the input of ELK for a chart, with sizes estimated from the labels.
 *
 * @param labelled whether transitions have labels; otherwise states have room for a count.
 * @param options stand on every state that has states: ELK does not inherit them.
 */
export function elkChartOf(graph: ChartGraph, labelled: boolean, options: Readonly<Record<string, string>>): ElkChart {
  const placed = graph.transitions.map((transition, index): Placed => ({ ...transition, index }));
  const hubs = new Map(
    graph.states.flatMap((state) => {
      const hub = hubStateOf(state, graph, labelled);
      return hub === undefined ? [] : [[state.path, hub] as const];
    }),
  );
  const isInHub = ({ from, to = '' }: Placed) => hubs.has(from) || hubs.has(parentOf(to));
  const drawn = placed.filter((each) => !isStay(each) && !isInHub(each));
  const edges = new Map<string, { from: string; to: string; source: string; indices: number[] }>();
  for (const transition of drawn) {
    const { from, to = '', index } = transition;
    const id = `${from} > ${to}`;
    const source = isInward(transition) ? anyNodePrefix + from : from;
    const edge = edges.get(id) ?? { from, to, source, indices: [] };
    edge.indices.push(index);
    edges.set(id, edge);
  }
  const begins = graph.states.flatMap(({ path, initial }): ElkEdge[] =>
    initial === undefined || hubs.has(path)
      ? []
      : [{ id: `${initialNodePrefix}${path} >`, sources: [initialNodePrefix + path], targets: [initial] }],
  );
  const leading = Array.from(
    edges,
    ([id, { source, to, indices }]): ElkEdge => ({
      id,
      sources: [source],
      targets: [to],
      ...(labelled ? { labels: [labelOf(indices.map((index) => graph.transitions[index]))] } : {}),
    }),
  );
  const nodes = new Nodes(graph, placed, hubs, labelled, options);
  return {
    root: {
      id: '*root',
      layoutOptions: { ...options, 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
      children: nodes.inside(graph.states[0]),
      edges: [...begins, ...leading],
    },
    hubs,
    transitions: new Map(Array.from(edges, ([id, { indices }]) => [id, indices])),
  };
}

/** Makes the nodes of a chart, from the outside in. */
class Nodes {
  readonly #graph: ChartGraph;
  readonly #placed: readonly Placed[];
  readonly #hubs: ReadonlyMap<string, HubState>;
  readonly #labelled: boolean;
  readonly #options: Readonly<Record<string, string>>;

  constructor(
    graph: ChartGraph,
    placed: readonly Placed[],
    hubs: ReadonlyMap<string, HubState>,
    labelled: boolean,
    options: Readonly<Record<string, string>>,
  ) {
    this.#graph = graph;
    this.#placed = placed;
    this.#hubs = hubs;
    this.#labelled = labelled;
    this.#options = options;
  }

  /** Returns the nodes inside of a state: its initial dot, the start of its own transitions, and its states. */
  inside(state: ChartState | undefined): readonly ElkNode[] {
    if (state === undefined) return [];
    const { path, initial } = state;
    const startsAny = this.#placed.some((each) => each.from === path && isInward(each));
    const children = this.#graph.states.filter((child) => child.path !== '' && parentOf(child.path) === path);
    return [
      ...(initial === undefined ? [] : [{ id: initialNodePrefix + path, width: 10, height: 10 }]),
      ...(startsAny ? [{ id: anyNodePrefix + path, width: 40, height: 20 }] : []),
      ...children.map((child) => this.#nodeOf(child)),
    ];
  }

  #nodeOf(state: ChartState): ElkNode {
    const { path: id, name } = state;
    const hub = this.#hubs.get(id);
    if (hub !== undefined) return { id, width: hub.width, height: hub.height };
    const children = this.inside(state);
    if (children.length > 0) {
      const layoutOptions = { ...this.#options, 'elk.padding': '[top=38,left=16,bottom=16,right=16]' };
      return { id, children, layoutOptions, width: name.length * nameWidth + 90, height: 60 };
    }
    const stays = this.#placed.some((each) => each.from === id && isStay(each));
    const room = this.#labelled ? (stays ? 38 : 0) : 52;
    return { id, width: Math.round(Math.max(72, name.length * nameWidth + 36 + room)), height: 34 };
  }
}

function labelOf(transitions: readonly (ChartTransition | undefined)[]) {
  const lines = transitions.map((transition) => (transition === undefined ? '' : transitionLabel(transition)));
  return {
    text: lines.join('\n'),
    width: Math.max(...lines.map((line) => line.length)) * labelWidth + 8,
    height: lines.length * labelLine + 2,
    layoutOptions: { 'elk.edgeLabels.inline': 'true' },
  };
}

const isStay = ({ from, to }: ChartTransition): boolean => to === undefined || to === from;

const isInward = (transition: ChartTransition): boolean =>
  !isStay(transition) && (transition.from === '' || (transition.to ?? '').startsWith(`${transition.from}.`));

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
