import type { AnyEventObject, AnyStateNode, MachineContext, StateValue } from 'xstate';
import type { Chart } from '../build/chart.ts';
import type { ChartNode, ChartTransition, History } from '../model/chartNode.ts';
import { lineage } from '../model/tree.ts';
import { ActiveTree } from './activeTree.ts';
import { nodesOf } from './chartSnapshot.ts';
import { type Choice, choiceFor, collectTaken, firstPassing, type GuardObserver, isEmpty } from './choice.ts';
import { ChoiceTable } from './choiceTable.ts';
import { type Configuration, doesSomething, type Plan, type Tables } from './configuration.ts';
import { makePlan } from './microstepPlan.ts';
import { PlanTree } from './planTree.ts';
import { StateTags } from './stateTags.ts';

/** A transition in one configuration, with the plans of the microsteps it is the first of. */
export interface Candidate {
  readonly transition: ChartTransition;
  readonly plans: PlanTree<Candidate, Plan>;
}

/**
 * A configuration with tables of its own: which transitions take an event, and what happens then.
 *
 * Two snapshots in the same configuration share one object. The tables fill up as events arrive and are bounded by the
 * chart, never by what is sent to it.
 */
export class TabledConfiguration implements Configuration {
  readonly tables: Tables;
  readonly chart: Chart;
  readonly generation: number;
  readonly nodes: readonly ChartNode[];
  readonly active: ReadonlySet<ChartNode>;
  readonly history: History;
  readonly value: StateValue;
  readonly tags: Set<string>;
  readonly stateNodes: AnyStateNode[];
  readonly historyValue: Readonly<Record<string, AnyStateNode[]>>;
  readonly hasEventless: boolean;
  /** Its nodes as the tree of its value. */
  readonly tree: ActiveTree;
  readonly #ids: ReadonlySet<string>;
  readonly #choices: ChoiceTable<Choice<Candidate>>;
  readonly #candidates = new Map<ChartTransition, Candidate>();
  /** For each active leaf that has any, the eventless transitions of the leaf and of all its ancestors. */
  #eventless: readonly (readonly Candidate[])[] | undefined;

  constructor(tables: Tables, nodes: readonly ChartNode[], history: History) {
    const { chart } = tables;
    this.tables = tables;
    this.chart = chart;
    this.generation = tables.generation;
    this.nodes = nodes;
    this.active = new Set(nodes);
    this.history = history;
    this.#ids = new Set(nodes.map(({ id }) => id));
    this.tags = new StateTags(nodes.flatMap(({ stateNode }) => stateNode.tags as string[]));
    this.stateNodes = Object.freeze(
      nodesOf(
        this,
        nodes.map(({ stateNode }) => stateNode),
      ),
    ) as AnyStateNode[];
    this.historyValue = historyValueOf(history);
    this.tree = new ActiveTree(nodes);
    this.value = this.tree.valueOf(chart.root);
    this.#choices = new ChoiceTable(chart, (eventType) => {
      tables.grow(1);
      return choiceFor<Candidate>(this, eventType);
    });
    this.#eventless = undefined;
    // By the leaves, as they are looked for: a parent that history has not entered again is not among the nodes.
    const isEventless = (node: ChartNode) => chart.semantics.eventless(node).length > 0;
    this.hasEventless = nodes.some((node) => node.isAtomic && lineage(node, undefined).some(isEventless));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  activeChildren(node: ChartNode): readonly ChartNode[] {
    return this.tree.childrenOf(node);
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

  choice(eventType: string): Choice<Candidate> {
    return this.#choices.of(eventType);
  }

  planForEvent(
    choice: Choice<Candidate>,
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined {
    if (isEmpty(choice)) return undefined;
    if (choice.regions.length === 0) {
      const taken = firstPassing(choice.own, context, event, this, onGuard);
      return taken === undefined ? undefined : this.#planOfOne(taken);
    }
    const taken: Candidate[] = [];
    collectTaken(choice, context, event, this, onGuard, taken);
    return taken.length === 0 ? undefined : this.#planOf(taken);
  }

  planForEventless(
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined {
    if (!this.hasEventless) return undefined;
    this.#eventless ??= this.#findEventless();
    let taken: Set<Candidate> | undefined;
    for (const candidates of this.#eventless) {
      const passing = firstPassing(candidates, context, event, this, onGuard);
      if (passing === undefined) continue;
      taken ??= new Set();
      taken.add(passing);
    }
    return taken === undefined ? undefined : this.#planOf([...taken]);
  }

  planOf(transitions: readonly ChartTransition[]): Plan {
    return this.#planOf(transitions.map((transition) => this.candidate(transition)));
  }

  can(context: MachineContext, event: AnyEventObject): boolean {
    const taken: Candidate[] = [];
    collectTaken(this.choice(event.type), context, event, this, undefined, taken);
    return taken.some(({ transition }) => doesSomething(transition));
  }

  /** Lets its tables go. */
  forget(): void {
    this.#choices.clear();
    this.#candidates.clear();
    this.#eventless = undefined;
  }

  #findEventless(): readonly (readonly Candidate[])[] {
    const { semantics } = this.chart;
    return this.nodes
      .filter((node) => node.isAtomic)
      .map((leaf) =>
        lineage(leaf, undefined).flatMap((node) =>
          semantics.eventless(node).map((transition) => this.candidate(transition)),
        ),
      )
      .filter((candidates) => candidates.length > 0);
  }

  #planOfOne({ plans, transition }: Candidate): Plan {
    plans.plan ??= makePlan(this, [transition]);
    return plans.plan;
  }

  #planOf(taken: readonly Candidate[]): Plan {
    const [first, ...others] = taken as [Candidate, ...Candidate[]];
    let tree = first.plans;
    for (const candidate of others) tree = tree.with(candidate);
    tree.plan ??= makePlan(
      this,
      taken.map(({ transition }) => transition),
    );
    return tree.plan;
  }
}

/** The memory of the history states in XState's form, frozen. */
function historyValueOf(history: History): Readonly<Record<string, AnyStateNode[]>> {
  const entries = [...history].map(([id, nodes]) => [id, Object.freeze(nodes.map(({ stateNode }) => stateNode))]);
  return Object.freeze(Object.fromEntries(entries));
}
