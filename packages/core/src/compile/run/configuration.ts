import type { AnyStateNode, StateValue } from 'xstate';
import type { Chart } from '../build/chart.ts';
import type { Action } from '../model/action.ts';
import type { ChartNode, ChartTransition, History } from '../model/chartNode.ts';
import type { ActiveStates } from '../model/guard.ts';
import { ancestors, initialNodes, regions } from '../model/tree.ts';
import { matchesWildcard } from '../semantics/matching.ts';
import { type Choice, choiceFor } from './choice.ts';
import { PlanTree } from './planTree.ts';

/** A transition in one configuration, with the plans of the microsteps it is the first of. */
export interface Candidate {
  readonly transition: ChartTransition;
  readonly plans: PlanTree<Candidate, Plan>;
}

/** A microstep worked out in advance. */
export interface Plan {
  readonly transitions: readonly ChartTransition[];
  /** Everything it runs, in order. */
  readonly actions: readonly Action[];
  /** The configuration it leads to. */
  readonly target: Configuration;
  /** False where the very same states stay active: the configuration is kept, whatever the actions do. */
  readonly changesStates: boolean;
}

/**
 * A set of active states together with the memory of the history states: everything about a snapshot that is not data.
 *
 * Two snapshots in the same configuration share one object, and with it the tables of which transitions take an event
 * and what happens then. The tables fill up as events arrive and are bounded by the chart, never by what is sent to it.
 */
export class Configuration implements ActiveStates {
  readonly table: ConfigurationTable;
  readonly chart: Chart;
  /** In the order in which the interpreter would keep them: it decides the order of regions. */
  readonly nodes: readonly ChartNode[];
  readonly active: ReadonlySet<ChartNode>;
  readonly history: History;
  readonly value: StateValue;
  readonly tags: Set<string>;
  /** For each active leaf, the eventless transitions of the leaf and of all its ancestors. */
  readonly eventless: readonly (readonly Candidate[])[];
  readonly #ids: ReadonlySet<string>;
  readonly #children = new Map<ChartNode, ChartNode[]>();
  readonly #candidates = new Map<ChartTransition, Candidate>();
  readonly #choices = new Map<string, Choice<Candidate>>();
  /** Choices for event types that the chart does not name, by the wildcards that match them. */
  readonly #wildcardChoices = new Map<string, Choice<Candidate>>();

  constructor(table: ConfigurationTable, nodes: readonly ChartNode[], history: History) {
    const { chart } = table;
    this.table = table;
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
          chart.semantics.eventless(node).map((transition) => this.candidate(transition)),
        ),
      )
      .filter((candidates) => candidates.length > 0);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The active nodes as XState's own. */
  get stateNodes(): AnyStateNode[] {
    return this.nodes.map(({ stateNode }) => stateNode);
  }

  /** The memory of the history states in XState's form. */
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

  /** The one candidate that stands for a transition in this configuration. */
  candidate(transition: ChartTransition): Candidate {
    let candidate = this.#candidates.get(transition);
    if (candidate === undefined) {
      candidate = { transition, plans: new PlanTree() };
      this.#candidates.set(transition, candidate);
    }
    return candidate;
  }

  /**
   * The transitions that may be taken for an event type. Types the chart does not name share one choice per set of
   * wildcards.
   */
  choice(eventType: string): Choice<Candidate> {
    return this.#choices.get(eventType) ?? this.#newChoice(eventType);
  }

  #newChoice(eventType: string): Choice<Candidate> {
    const { descriptors, partialWildcards } = this.chart;
    const known = descriptors.has(eventType) || partialWildcards.includes(eventType);
    const choices = known ? this.#choices : this.#wildcardChoices;
    const key = known ? eventType : partialWildcards.filter((wildcard) => matchesWildcard(eventType, wildcard)).join();
    let choice = choices.get(key);
    if (choice === undefined) {
      choice = choiceFor<Candidate>(this, eventType);
      choices.set(key, choice);
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

/** Every configuration of one chart that any of its actors was ever in, one object for each. */
export class ConfigurationTable {
  readonly chart: Chart;
  /** The configuration before the chart is entered: its root alone. */
  readonly beforeEntry: Configuration;
  /** The microstep that enters the chart; unset until the first actor needs it. */
  entryPlan: Plan | undefined;
  /** The transitions that were ever taken. */
  readonly taken = new Set<ChartTransition>();
  readonly #configurations = new Map<string, Configuration>();

  constructor(chart: Chart) {
    this.chart = chart;
    this.beforeEntry = this.configuration([chart.root], new Map());
  }

  /** The one object that stands for these active nodes, in this order, with this memory. */
  configuration(nodes: readonly ChartNode[], history: History): Configuration {
    let key = nodes.map((node) => node.order).join();
    for (const [id, remembered] of history) key += `|${id}=${remembered.map((node) => node.order).join()}`;
    let configuration = this.#configurations.get(key);
    if (configuration === undefined) {
      configuration = new Configuration(this, nodes, history);
      this.#configurations.set(key, configuration);
    }
    return configuration;
  }

  /** The nodes that were ever active. */
  get reached(): ReadonlySet<ChartNode> {
    return new Set([...this.#configurations.values()].flatMap(({ nodes }) => nodes));
  }
}

/** Whether the state's value is written as a string, not as an object with a key for each child. */
function isLeafOnly({ type }: ChartNode, [first]: readonly ChartNode[]): boolean {
  return type === 'compound' && first !== undefined && first.isAtomic;
}

/**
 * The nodes with those that a whole configuration lacks: initial states, regions, ancestors.
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
