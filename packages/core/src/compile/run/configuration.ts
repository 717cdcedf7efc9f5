import type { AnyStateNode, StateValue } from 'xstate';
import type { Chart, ChartNode, ChartTransition } from '../build/chart.ts';
import { ancestors, initialNodes, regions } from '../model/tree.ts';
import { type Candidate, type Choice, choiceFor, matchesWildcard } from './choice.ts';
import { PlanTree } from './microstepPlan.ts';

/** What each history state remembers, by its id. */
export type History = ReadonlyMap<string, readonly ChartNode[]>;

/**
 * A set of active states together with what history states remember: everything about a snapshot that is not data.
 *
 * Two snapshots in the same configuration share one object, and with it the tables of who takes which event and
 * what happens then. The tables fill up as events arrive and are bounded by the chart, never by what is sent to it.
 */
export class Configuration {
  readonly chart: Chart;
  /** In the order in which the interpreter would keep them: it decides the order of regions. */
  readonly nodes: readonly ChartNode[];
  readonly active: ReadonlySet<ChartNode>;
  readonly history: History;
  readonly value: StateValue;
  readonly tags: Set<string>;
  /** For each active leaf, the eventless transitions of the leaf and of all above it. */
  readonly eventless: readonly (readonly Candidate[])[];
  readonly #ids: ReadonlySet<string>;
  readonly #children = new Map<ChartNode, ChartNode[]>();
  readonly #candidates = new Map<ChartTransition, Candidate>();
  readonly #choices = new Map<string, Choice>();
  readonly #unknown = new Map<string, Choice>();

  constructor(chart: Chart, nodes: readonly ChartNode[], history: History) {
    this.chart = chart;
    this.nodes = nodes;
    this.active = new Set(nodes);
    this.history = history;
    this.#ids = new Set(nodes.map(({ id }) => id));
    this.tags = new Set(nodes.flatMap(({ stateNode }) => stateNode.tags as string[]));
    for (const node of completed(nodes)) {
      if (node.parent === undefined) continue;
      const siblings = this.#children.get(node.parent);
      if (siblings === undefined) this.#children.set(node.parent, [node]);
      else siblings.push(node);
    }
    this.value = this.#valueOf(chart.root);
    this.eventless = nodes
      .filter((node) => node.isAtomic)
      .map((leaf) =>
        [leaf, ...ancestors(leaf, undefined)].flatMap((node) =>
          chart.laws.eventless(node).map((transition) => this.candidate(transition)),
        ),
      )
      .filter((candidates) => candidates.length > 0);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The active nodes as XState knows them. */
  get stateNodes(): AnyStateNode[] {
    return this.nodes.map(({ stateNode }) => stateNode);
  }

  /** The memory of history states as XState writes it. */
  get historyValue(): Record<string, AnyStateNode[]> {
    return Object.fromEntries([...this.history].map(([id, nodes]) => [id, nodes.map(({ stateNode }) => stateNode)]));
  }

  /** The active children of a node as `value` shows them: in the order of its keys, and one alone of a leaf. */
  activeChildren(node: ChartNode): readonly ChartNode[] {
    const active = this.#children.get(node) ?? [];
    if (active.length < 2) return active;
    if (isLeafOnly(node, active)) return active.slice(0, 1);
    const keys = Object.keys(Object.fromEntries(active.map(({ key }) => [key, true])));
    return keys.flatMap((key) => active.filter((child) => child.key === key));
  }

  candidate(transition: ChartTransition): Candidate {
    let candidate = this.#candidates.get(transition);
    if (candidate === undefined) {
      candidate = { transition, plans: new PlanTree() };
      this.#candidates.set(transition, candidate);
    }
    return candidate;
  }

  /** Who may take an event of this type. Types the chart does not name share one table per set of wildcards. */
  choice(eventType: string): Choice {
    return this.#choices.get(eventType) ?? this.#newChoice(eventType);
  }

  #newChoice(eventType: string): Choice {
    const { descriptors, partialWildcards } = this.chart;
    const known = descriptors.has(eventType) || partialWildcards.includes(eventType);
    const table = known ? this.#choices : this.#unknown;
    const key = known ? eventType : partialWildcards.filter((wildcard) => matchesWildcard(eventType, wildcard)).join();
    let choice = table.get(key);
    if (choice === undefined) {
      choice = choiceFor(this, eventType);
      table.set(key, choice);
    }
    return choice;
  }

  #valueOf(node: ChartNode): StateValue {
    const active = this.#children.get(node) ?? [];
    const [first] = active;
    if (first !== undefined && isLeafOnly(node, active)) return first.key;
    return Object.fromEntries(active.map((child) => [child.key, this.#valueOf(child)]));
  }
}

/** A state that is written as a word, not as an object with a key for each child. */
function isLeafOnly({ type }: ChartNode, [first]: readonly ChartNode[]): boolean {
  return type === 'compound' && first !== undefined && first.isAtomic;
}

/**
 * The nodes with what is missing for a whole configuration: initial states, regions, ancestors.
 *
 * Two cases need it. Before the start the root stands alone; and a transition that re-enters a parallel state while
 * another enters it through history can leave gaps, which XState closes in `value` though not among its nodes.
 */
function completed(nodes: readonly ChartNode[]): Set<ChartNode> {
  const all = new Set(nodes);
  const isOpen = (node: ChartNode) => !nodes.some((child) => child.parent === node);
  for (const node of all) {
    if (node.type === 'compound' && isOpen(node)) for (const added of initialNodes(node)) all.add(added);
    if (node.type !== 'parallel') continue;
    for (const region of regions(node)) if (!all.has(region)) for (const added of initialNodes(region)) all.add(added);
  }
  for (const node of all) for (const ancestor of ancestors(node, undefined)) all.add(ancestor);
  return all;
}
