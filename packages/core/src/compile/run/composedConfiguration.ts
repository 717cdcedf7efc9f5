import type { AnyEventObject, AnyStateNode, MachineContext, StateValue } from 'xstate';
import type { Chart } from '../build/chart.ts';
import type { ChartNode, ChartTransition, History } from '../model/chartNode.ts';
import { nodesOf } from './chartSnapshot.ts';
import { collectTaken, firstPassing, type GuardObserver, isEmpty } from './choice.ts';
import { type Configuration, doesSomething, type Plan } from './configuration.ts';
import type { Layout, RegionsChoice } from './layout.ts';
import type { LocalCandidate, LocalPlan, RegionState, RegionTables } from './regionState.ts';
import { StateTags } from './stateTags.ts';

/** What a composed configuration is made of. */
interface Parts {
  readonly generation: number;
  /**
   * What the states make, frozen, where actors share the configuration.
   * @default a new one
   */
  readonly value?: StateValue;
  /** By the place of the region in the layout. */
  readonly states: readonly RegionState[];
  /** Its own: they are marked as such. */
  readonly stateNodes: AnyStateNode[];
  readonly historyValue: Readonly<Record<string, AnyStateNode[]>>;
  readonly tags: Set<string>;
}

/**
 * A configuration put together from the states of the regions of a parallel state.
 *
 * What happens inside of regions is looked up in their tables, so that a chart needs as many tables as its regions have
 * states together, not one for each combination. What reaches beyond a region is worked out as for any other chart.
 */
export class ComposedConfiguration implements Configuration {
  readonly chart: Chart;
  readonly generation: number;
  readonly value: StateValue;
  readonly stateNodes: AnyStateNode[];
  readonly historyValue: Readonly<Record<string, AnyStateNode[]>>;
  readonly tags: Set<string>;
  readonly hasEventless: boolean;
  readonly #tables: RegionTables;
  readonly #layout: Layout;
  readonly #states: readonly RegionState[];

  constructor(tables: RegionTables, layout: Layout, parts: Parts) {
    this.chart = tables.chart;
    this.generation = parts.generation;
    this.stateNodes = nodesOf(this, parts.stateNodes);
    this.historyValue = parts.historyValue;
    this.tags = parts.tags;
    this.hasEventless = tables.chart.hasEventless && parts.states.some((state) => state.hasEventless);
    this.#tables = tables;
    this.#layout = layout;
    this.#states = parts.states;
    this.value = parts.value ?? layout.valueOf(parts.states);
  }

  get nodes(): readonly ChartNode[] {
    return this.stateNodes.map(({ id }) => this.chart.node(id));
  }

  get history(): History {
    const nodesOf = (stateNodes: readonly AnyStateNode[]) => stateNodes.map(({ id }) => this.chart.node(id));
    return new Map(Object.entries(this.historyValue).map(([id, stateNodes]) => [id, nodesOf(stateNodes)]));
  }

  has(id: string): boolean {
    return this.stateNodes.some((node) => node.id === id);
  }

  choice(eventType: string): RegionsChoice {
    return this.#layout.choice(eventType);
  }

  planForEvent(
    choice: RegionsChoice,
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined {
    return this.#planOfRegions(choice, context, event, onGuard) ?? this.#planAround(choice, context, event, onGuard);
  }

  planForEventless(
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined {
    if (!this.hasEventless) return undefined;
    const offers = this.#states.flatMap(({ hasEventless, eventless }, place) =>
      hasEventless ? eventless.map(({ leaf, candidates }) => ({ place, leaf, candidates })) : [],
    );
    if (offers.length > 1) {
      const orderOf = new Map(this.stateNodes.map((node, order) => [node, order]));
      offers.sort((left, right) => (orderOf.get(left.leaf) ?? 0) - (orderOf.get(right.leaf) ?? 0));
    }
    const taken: LocalCandidate[] = [];
    const places: number[] = [];
    for (const { place, candidates } of offers) {
      const passing = firstPassing(candidates, context, event, this, onGuard);
      if (passing === undefined || taken.includes(passing)) continue;
      taken.push(passing);
      places.push(place);
    }
    return taken.length === 0 ? undefined : this.#planOf(taken, places);
  }

  planOf(transitions: readonly ChartTransition[]): Plan {
    return this.#tables.interned(this.nodes, this.history).planOf(transitions);
  }

  can(context: MachineContext, event: AnyEventObject): boolean {
    const choice = this.choice(event.type);
    const taken: LocalCandidate[] = [];
    this.#collect(choice, context, event, undefined, taken, []);
    if (taken.length > 0) return taken.some(({ transition }) => doesSomething(transition));
    const own = firstPassing(choice.own, context, event, this, undefined);
    return own !== undefined && doesSomething(own.transition);
  }

  /** The microstep for an event that regions take. */
  #planOfRegions(
    choice: RegionsChoice,
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined {
    const [place] = choice.regions;
    if (place === undefined) return undefined;
    if (choice.regions.length === 1) {
      // Most events concern one region, and one leaf of it.
      const state = this.#states[place] as RegionState;
      const { regions, own } = state.choice(event.type);
      if (regions.length === 0) {
        const taken = firstPassing(own, context, event, this, onGuard);
        return taken === undefined ? undefined : this.#planOfOne(taken, place);
      }
    }
    const taken: LocalCandidate[] = [];
    const places: number[] = [];
    this.#collect(choice, context, event, onGuard, taken, places);
    return taken.length === 0 ? undefined : this.#planOf(taken, places);
  }

  /** The microstep for an event that no region takes, but the parallel state or one around it. */
  #planAround(
    { own }: RegionsChoice,
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined {
    const taken = firstPassing(own, context, event, this, onGuard);
    if (taken === undefined) return undefined;
    const { transition } = taken;
    if (transition.targets !== undefined && transition.targets.length > 0) return this.planOf([transition]);
    this.#tables.coverage.transitions.add(transition.definition);
    return { transitions: [transition], actions: transition.actions, target: this, changesStates: false };
  }

  /** Collects what the regions take for an event, and the place of the region of each. */
  #collect(
    choice: RegionsChoice,
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
    taken: LocalCandidate[],
    places: number[],
  ): void {
    for (const place of choice.regions) {
      const regionChoice = (this.#states[place] as RegionState).choice(event.type);
      if (isEmpty(regionChoice)) continue;
      collectTaken(regionChoice, context, event, this, onGuard, taken);
      while (places.length < taken.length) places.push(place);
    }
  }

  #planOfOne(taken: LocalCandidate, place: number): Plan {
    const plan = (this.#states[place] as RegionState).planOf(taken);
    if (plan === null) return this.planOf([taken.transition]);
    const { transitions, actions, changesStates } = plan;
    return { transitions, actions, changesStates, target: changesStates ? this.#next([plan], [place]) : this };
  }

  /** The plan of transitions of regions taken together, each with the place of its region. */
  #planOf(taken: readonly LocalCandidate[], places: readonly number[]): Plan {
    const [first] = taken;
    if (first !== undefined && taken.length === 1) return this.#planOfOne(first, places[0] as number);
    const plans = taken.map((candidate, at) => (this.#states[places[at] as number] as RegionState).planOf(candidate));
    if (!areLocal(plans) || new Set(places).size < places.length) {
      return this.planOf(taken.map(({ transition }) => transition));
    }
    const { inDocumentOrder } = this.#layout;
    const inOrder = inDocumentOrder.filter((place) => places.includes(place));
    const plansInOrder = inOrder.map((place) => plans[places.indexOf(place)] as LocalPlan);
    const changesStates = plans.some((plan) => plan.changesStates);
    return {
      transitions: plans.flatMap(({ transitions }) => transitions),
      // As for the whole chart: exits from the last region to the first, entries from the first to the last.
      actions: [
        ...plansInOrder.toReversed().flatMap(({ exitActions }) => exitActions),
        ...plans.flatMap(({ transitions }) => transitions.flatMap(({ actions }) => actions)),
        ...plansInOrder.flatMap(({ entryActions }) => entryActions),
      ],
      changesStates,
      target: changesStates ? this.#next(plansInOrder, inOrder) : this,
    };
  }

  /** The configuration after plans of regions, in document order, each with the place of its region. */
  #next(plans: readonly LocalPlan[], places: readonly number[]): ComposedConfiguration {
    const states = this.#states.slice();
    const stateNodes = this.stateNodes.slice();
    let { historyValue } = this;
    let changesTags = false;
    for (let at = 0; at < plans.length; at++) {
      const plan = plans[at] as LocalPlan;
      states[places[at] as number] = plan.target;
      for (const node of plan.exited) remove(stateNodes, node);
      changesTags ||= plan.changesTags;
    }
    for (const { entered } of plans) for (const node of entered) stateNodes.push(node);
    for (let at = plans.length - 1; at >= 0; at--) {
      const { remembered } = plans[at] as LocalPlan;
      if (remembered.length > 0) historyValue = { ...historyValue, ...Object.fromEntries(remembered) };
    }
    const tags = changesTags ? new StateTags(stateNodes.flatMap((node) => node.tags as string[])) : this.tags;
    const { generation } = this;
    const parts = { generation, states, stateNodes, historyValue, tags };
    return new ComposedConfiguration(this.#tables, this.#layout, parts);
  }
}

function areLocal(plans: (LocalPlan | null)[]): plans is LocalPlan[] {
  return !plans.includes(null);
}

/** Takes one node out; moving the others by hand is faster than splicing. */
function remove(nodes: AnyStateNode[], node: AnyStateNode): void {
  for (let at = nodes.indexOf(node) + 1; at < nodes.length; at++) nodes[at - 1] = nodes[at] as AnyStateNode;
  nodes.pop();
}
