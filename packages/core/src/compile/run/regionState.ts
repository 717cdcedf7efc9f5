import type { AnyStateNode, StateValue } from 'xstate';
import type { Action } from '../model/action.ts';
import type { ChartNode, ChartTransition, History } from '../model/chartNode.ts';
import { isDescendant, lineage } from '../model/tree.ts';
import { effectiveTargets, transitionDomain } from '../semantics/exitSet.ts';
import { ActiveTree } from './activeTree.ts';
import { type Choice, choiceFor } from './choice.ts';
import { ChoiceTable } from './choiceTable.ts';
import type { Tables } from './configuration.ts';
import { microstepOf } from './microstep.ts';

/** A transition in one state of a region. */
export interface LocalCandidate {
  readonly transition: ChartTransition;
  /** Its microstep; `null` when that reaches beyond the region, unset until it is asked for. */
  plan: LocalPlan | null | undefined;
}

/** A microstep of one transition that stays inside of a region. */
export interface LocalPlan {
  readonly transitions: readonly ChartTransition[];
  readonly exitActions: readonly Action[];
  readonly entryActions: readonly Action[];
  /** All it runs, in order. */
  readonly actions: readonly Action[];
  readonly exited: readonly AnyStateNode[];
  readonly entered: readonly AnyStateNode[];
  readonly target: RegionState;
  readonly changesStates: boolean;
  readonly changesTags: boolean;
  /** What history states of the region remember anew. */
  readonly remembered: readonly (readonly [id: string, nodes: AnyStateNode[]])[];
}

/** The tables of one chart, as the states of its regions see them. */
export interface RegionTables extends Tables {
  /** The state of a region in which these nodes of it are active. */
  regionState(region: ChartNode, nodes: readonly ChartNode[], history: History): RegionState;
}

/** Leaves of a region with the eventless transitions each may take. */
type EventlessOf = { readonly leaf: AnyStateNode; readonly candidates: readonly LocalCandidate[] };

/** The active states of one region of a parallel state, with the memory of the history states in it, and its tables. */
export class RegionState {
  readonly region: ChartNode;
  readonly nodes: readonly ChartNode[];
  readonly value: StateValue;
  readonly hasEventless: boolean;
  readonly #tables: RegionTables;
  readonly #history: History;
  readonly #tree: ActiveTree;
  readonly #choices: ChoiceTable<Choice<LocalCandidate>>;
  readonly #candidates = new Map<ChartTransition, LocalCandidate>();
  #eventless: readonly EventlessOf[] | undefined;

  constructor(tables: RegionTables, region: ChartNode, nodes: readonly ChartNode[], history: History) {
    const { chart } = tables;
    const { semantics } = chart;
    this.region = region;
    this.nodes = nodes;
    this.#tables = tables;
    this.#history = history;
    this.#tree = new ActiveTree(nodes);
    this.value = this.#tree.valueOf(region);
    const isEventless = (node: ChartNode) => semantics.eventless(node).length > 0;
    this.hasEventless = nodes.some((node) => node.isAtomic && lineage(node, region.parent).some(isEventless));
    this.#choices = new ChoiceTable(chart, (eventType) => {
      tables.grow(1);
      const source = {
        chart: { semantics, root: region },
        candidate: (transition: ChartTransition) => this.#candidate(transition),
        activeChildren: (node: ChartNode) => this.#tree.childrenOf(node),
      };
      return choiceFor(source, eventType);
    });
    this.#eventless = undefined;
  }

  choice(eventType: string): Choice<LocalCandidate> {
    return this.#choices.of(eventType);
  }

  /** The leaves that have eventless transitions, those of the states around them included. */
  get eventless(): readonly EventlessOf[] {
    this.#eventless ??= this.nodes
      .filter((node) => node.isAtomic)
      .map((leaf) => ({
        leaf: leaf.stateNode,
        candidates: lineage(leaf, this.region.parent).flatMap((node) =>
          this.#tables.chart.semantics.eventless(node).map((transition) => this.#candidate(transition)),
        ),
      }))
      .filter(({ candidates }) => candidates.length > 0);
    return this.#eventless;
  }

  /** The microstep of one transition taken alone; `null` when it reaches beyond the region. */
  planOf(candidate: LocalCandidate): LocalPlan | null {
    if (candidate.plan === undefined) candidate.plan = this.#makePlan(candidate.transition);
    return candidate.plan;
  }

  /** Lets its tables go. */
  forget(): void {
    this.#choices.clear();
    this.#candidates.clear();
    this.#eventless = undefined;
  }

  #candidate(transition: ChartTransition): LocalCandidate {
    let candidate = this.#candidates.get(transition);
    if (candidate === undefined) {
      candidate = { transition, plan: undefined };
      this.#candidates.set(transition, candidate);
    }
    return candidate;
  }

  #makePlan(transition: ChartTransition): LocalPlan | null {
    const { region } = this;
    const history = this.#history;
    if (!staysInside(transition, region, history)) return null;
    const tables = this.#tables;
    const transitions = [transition];
    const step = microstepOf(tables.chart, transitions, new Set(this.nodes), history);
    if (step.entered.some((node) => mayFinish(node, region))) return null;
    tables.coverage.transitions.add(transition.definition);
    const { exitActions, entryActions } = step;
    const actions = [...exitActions, ...transition.actions, ...entryActions];
    tables.grow(1 + actions.length);
    const stateNodes = (nodes: readonly ChartNode[]) => nodes.map(({ stateNode }) => stateNode);
    return {
      transitions,
      exitActions,
      entryActions,
      actions,
      exited: stateNodes(step.exited),
      entered: stateNodes(step.entered),
      target: tables.regionState(region, [...step.active], step.history),
      changesStates: step.changesStates,
      changesTags: [...step.exited, ...step.entered].some(({ stateNode }) => stateNode.tags.length > 0),
      remembered: [...step.history]
        .filter(([id, nodes]) => nodes !== history.get(id))
        .map(([id, nodes]) => [id, stateNodes(nodes)] as const),
    };
  }
}

/** Whether a transition exits and enters states inside of a region only. */
function staysInside(transition: ChartTransition, region: ChartNode, history: History): boolean {
  const { targets } = transition;
  if (targets === undefined || targets.length === 0) return true;
  const isInside = (node: ChartNode) => node === region || isDescendant(node, region);
  if (!targets.every(isInside) || !effectiveTargets(transition, history).every(isInside)) return false;
  const domain = transitionDomain(transition, history);
  return domain !== undefined && isInside(domain) && !(transition.reenter && domain === transition.source);
}

/** Whether entering a node may finish the region, and with it the parallel state it belongs to. */
function mayFinish(node: ChartNode, region: ChartNode): boolean {
  if (node.type !== 'final') return false;
  let above = node.parent?.type === 'parallel' ? node.parent : node.parent?.parent;
  while (above !== undefined && above !== region.parent && above.type === 'parallel') above = above.parent;
  return above === undefined || above === region.parent;
}
