import type { Chart } from '../build/chart.ts';
import type { ChartNode, History } from '../model/chartNode.ts';
import { isDescendant } from '../model/tree.ts';
import { ComposedConfiguration } from './composedConfiguration.ts';
import type { Configuration, Covered, Plan } from './configuration.ts';
import { Layout } from './layout.ts';
import { makeEntryPlan } from './microstepPlan.ts';
import { RegionState, type RegionTables } from './regionState.ts';
import { TabledConfiguration } from './tabledConfiguration.ts';

/** How much the tables of a chart may hold, and when a chart is composed by region. */
export interface TableLimits {
  readonly maxTableEntries: number;
  readonly composeAbove: number;
}

let generations = 0;

/**
 * The configurations of one chart that any of its actors was in of late, one object for each.
 *
 * They are bounded: when they hold too much, all of them are let go, and those that are still in use are made again. An
 * actor that holds one of an earlier generation holds its states, and no tables.
 */
export class ConfigurationTable implements RegionTables {
  readonly chart: Chart;
  readonly coverage: Covered;
  /** The configuration before the chart is entered: its root alone. */
  readonly beforeEntry: TabledConfiguration;
  generation = generations++;
  readonly #maxEntries: number;
  readonly #composes: boolean;
  readonly #configurations = new Map<string, TabledConfiguration>();
  readonly #composed = new Map<TabledConfiguration, Configuration>();
  readonly #regionStates = new Map<string, RegionState>();
  readonly #layouts = new Map<string, Layout>();
  #entryPlan: Plan | undefined;
  #entries = 0;

  constructor(chart: Chart, coverage: Covered, { maxTableEntries, composeAbove }: TableLimits) {
    this.chart = chart;
    this.coverage = coverage;
    this.#maxEntries = maxTableEntries;
    this.#composes = chart.configurations > composeAbove;
    this.beforeEntry = this.interned([chart.root], new Map());
  }

  /** The microstep that enters the chart. */
  get entryPlan(): Plan {
    this.#entryPlan ??= makeEntryPlan(this.beforeEntry);
    return this.#entryPlan;
  }

  interned(nodes: readonly ChartNode[], history: History): TabledConfiguration {
    const key = keyOf(nodes, history);
    let configuration = this.#configurations.get(key);
    if (configuration === undefined) {
      this.grow(nodes.length);
      this.#cover(nodes);
      configuration = new TabledConfiguration(this, nodes, history);
      this.#configurations.set(key, configuration);
    }
    return configuration;
  }

  configuration(nodes: readonly ChartNode[], history: History): Configuration {
    const whole = this.interned(nodes, history);
    if (!this.#composes) return whole;
    let composed = this.#composed.get(whole);
    if (composed === undefined) {
      composed = this.#compose(whole) ?? whole;
      this.#composed.set(whole, composed);
    }
    return composed;
  }

  regionState(region: ChartNode, nodes: readonly ChartNode[], history: History): RegionState {
    const key = `${region.order}:${keyOf(nodes, history)}`;
    let state = this.#regionStates.get(key);
    if (state === undefined) {
      this.grow(nodes.length);
      this.#cover(nodes);
      state = new RegionState(this, region, nodes, history);
      this.#regionStates.set(key, state);
    }
    return state;
  }

  grow(entries: number): void {
    this.#entries += entries;
    if (this.#entries <= this.#maxEntries) return;
    for (const configuration of this.#configurations.values()) configuration.forget();
    for (const state of this.#regionStates.values()) state.forget();
    for (const table of [this.#configurations, this.#composed, this.#regionStates, this.#layouts]) table.clear();
    this.#entryPlan = undefined;
    this.#entries = entries;
    this.generation = generations++;
  }

  #cover(nodes: readonly ChartNode[]): void {
    for (const { stateNode } of nodes) this.coverage.nodes.add(stateNode);
  }

  /** Puts a configuration together from regions; unset when it has none that stand apart. */
  #compose(whole: TabledConfiguration): ComposedConfiguration | undefined {
    const { tree, nodes, history, value, stateNodes, historyValue, tags, generation } = whole;
    const { root } = this.chart;
    let parallel = root;
    for (;;) {
      if (this.chart.semantics.eventless(parallel).length > 0) return undefined;
      const [only, ...others] = tree.childrenOf(parallel);
      if (only === undefined || !tree.isWhole) return undefined;
      if (others.length > 0) break;
      parallel = only;
    }
    const regions = tree.childrenOf(parallel);
    const states = regions.map((region) => {
      const isInside = (node: ChartNode) => node === region || isDescendant(node, region);
      const inside = [...history].filter(([id]) => isInside(this.chart.node(id)));
      return this.regionState(region, nodes.filter(isInside), new Map(inside));
    });
    const parts = { generation, value, states, stateNodes: stateNodes.slice(), historyValue, tags };
    const composed = new ComposedConfiguration(this, this.#layout(parallel, regions), parts);
    // Actors share this one, as they share the whole one.
    Object.freeze(composed.stateNodes);
    return composed;
  }

  #layout(parallel: ChartNode, regions: readonly ChartNode[]): Layout {
    const key = [parallel, ...regions].map(({ order }) => order).join();
    let layout = this.#layouts.get(key);
    if (layout === undefined) {
      layout = new Layout(this.chart, parallel, regions);
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}

/** These nodes, in this order, with this memory. */
function keyOf(nodes: readonly ChartNode[], history: History): string {
  let key = nodes.map((node) => node.order).join();
  for (const [id, remembered] of history) key += `|${id}=${remembered.map((node) => node.order).join()}`;
  return key;
}
