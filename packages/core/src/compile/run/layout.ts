import type { StateValue } from 'xstate';
import type { Chart } from '../build/chart.ts';
import type { ChartNode, ChartTransition } from '../model/chartNode.ts';
import { ancestors } from '../model/tree.ts';
import { ChoiceTable } from './choiceTable.ts';
import { doesSomething, type EventChoice } from './configuration.ts';

/** What the regions of a parallel state, and the states around them, may do for one event type. */
export interface RegionsChoice extends EventChoice {
  /** Places of the regions with a state that has transitions for it. */
  readonly regions: readonly number[];
  /** Transitions of the parallel state and those around it, for when no region takes the event. */
  readonly own: readonly { readonly transition: ChartTransition }[];
}

/** The regions of a parallel state in the order of its value, and the states around it. */
export class Layout {
  /** The parallel state. */
  readonly parallel: ChartNode;
  readonly regions: readonly ChartNode[];
  /** Places of the regions in document order. */
  readonly inDocumentOrder: readonly number[];
  readonly #keysAbove: readonly string[];
  /** The value that was last asked for, which the next one seldom differs from in more than one region. */
  readonly #last: Record<string, StateValue> = {};
  readonly #values: StateValue[] = [];
  readonly #choices: ChoiceTable<RegionsChoice>;

  constructor(chart: Chart, parallel: ChartNode, regions: readonly ChartNode[]) {
    const { semantics } = chart;
    this.parallel = parallel;
    this.regions = regions;
    this.inDocumentOrder = regions
      .map((region, place) => ({ place, order: region.order }))
      .sort((left, right) => left.order - right.order)
      .map(({ place }) => place);
    const around = [parallel, ...ancestors(parallel, undefined)];
    this.#keysAbove = around.slice(0, -1).map(({ key }) => key);
    this.#choices = new ChoiceTable(chart, (eventType) => {
      const takes = (node: ChartNode): boolean =>
        semantics.matching(node, eventType).length > 0 || node.children.some(takes);
      const places = regions.flatMap((region, place) => (takes(region) ? [place] : []));
      const own = around.flatMap((node) => semantics.matching(node, eventType)).map((transition) => ({ transition }));
      const [first] = own;
      const isForbidden =
        first !== undefined && first.transition.guard === undefined && !doesSomething(first.transition);
      return { regions: places, own, isNoop: places.length === 0 && (first === undefined || isForbidden) };
    });
  }

  choice(eventType: string): RegionsChoice {
    return this.#choices.of(eventType);
  }

  /**
   * A new value of the whole chart, given those of the regions by their places.
   *
   * It is a copy of one object that is kept up to date: an engine copies objects of one shape fast, and copies of copies
   * have a shape each.
   */
  valueOf(states: readonly { readonly value: StateValue }[]): StateValue {
    const last = this.#last;
    for (let place = 0; place < states.length; place++) {
      const { key } = this.regions[place] as ChartNode;
      const { value } = states[place] as { readonly value: StateValue };
      if (this.#values[place] === value) continue;
      this.#values[place] = value;
      last[key] = value;
    }
    let value: StateValue = { ...last };
    for (const key of this.#keysAbove) value = { [key]: value };
    return value;
  }
}
