import {
  callable,
  count,
  flag,
  positiveCount,
  type Rule,
  type Rules,
  requireOption,
  resolveOptions,
} from '@watchkeeper/core/options';
import type { AnyEventObject, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { type Exploration, keyOf, lawsRule, mapValues } from './explore.ts';
import { type ChartCoverage, ExploredChart } from './exploredChart.ts';
import { machineRule } from './machineRule.ts';
import { search } from './search.ts';

/** One event for one of the machines of a product. */
export interface Addressed {
  /** The machine's name in the product. */
  readonly to: string;
  readonly event: AnyEventObject;
}

/** The states of all machines of a product, by their names. */
export type ProductSnapshot = Readonly<Record<string, AnyMachineSnapshot>>;

/** A claim about every state and step of a product: true where it holds. */
export type ProductLaw = (
  snapshots: ProductSnapshot,
  cause: { readonly before: ProductSnapshot; readonly step: Addressed } | undefined,
) => boolean;

/** Options of {@link exploreProduct}. */
export interface ExploreProductOptions {
  /** The events that may come from outside, in every state. */
  readonly events: readonly Addressed[];
  /**
   * Says who gets an event that a machine sends or emits, if anybody. Until it arrives anything may happen; events from
   * one machine to another keep their order.
   * @default nobody
   */
  readonly connect?: (from: string, event: AnyEventObject) => Addressed | undefined;
  /**
   * Whether a delayed transition may fire whenever its state is active.
   * @default true
   */
  readonly delays?: boolean;
  /**
   * What must hold, by name.
   * @default none but that no step throws
   */
  readonly laws?: Readonly<Record<string, ProductLaw>>;
  /**
   * The longest path, in events.
   * @default 20
   */
  readonly depth?: number;
  /**
   * The most states that are looked at.
   * @default 10000
   */
  readonly maxStates?: number;
  /**
   * The inputs of the machines, by their names.
   * @default no input
   */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /**
   * What tells two states apart beside where the charts stand.
   * @default the whole context of each machine, as JSON
   */
  readonly remembers?: (context: never, name: string) => unknown;
}

/** A law that did not hold in a product. */
export interface ProductBreach {
  /** Its name, or `no step throws`. */
  readonly law: string;
  /** What was thrown, where something was. */
  readonly error?: unknown;
  /** The shortest path there; the last step is the one that broke it. */
  readonly path: readonly Addressed[];
}

/** What {@link exploreProduct} found. */
export interface ProductExploration extends Pick<Exploration, 'states' | 'steps' | 'isComplete'> {
  /** By the names of the machines. */
  readonly coverage: Readonly<Record<string, ChartCoverage>>;
  /** One for each law that was broken. */
  readonly violations: readonly ProductBreach[];
}

/** Defaults of {@link ExploreProductOptions}. */
export const exploreProductDefaults = {
  connect: () => undefined,
  delays: true,
  laws: {},
  depth: 20,
  maxStates: 10_000,
  inputs: {},
  remembers: (context: never): unknown => context,
} as const satisfies Omit<Required<ExploreProductOptions>, 'events'>;

interface Message extends Addressed {
  readonly from: string;
}

interface Product {
  readonly snapshots: ProductSnapshot;
  /** What was sent and has not arrived, the oldest first. */
  readonly underWay: readonly Message[];
}

/** A step from outside, or the arrival of a message. */
type Step = Addressed & { readonly message?: Message };

const machinesRule: Rule<Readonly<Record<string, AnyStateMachine>>> = {
  is: 'an object of machines of XState',
  accepts: (value): value is Readonly<Record<string, AnyStateMachine>> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every(machineRule.accepts),
};

/**
 * Takes every event, every delay and every arrival of a message from every state that machines can reach together: each
 * order in which they may go. As {@link explore}, it runs no actions.
 *
 * @param machines the machines, by the names that events are addressed to.
 * @returns how much of each chart was met, and for each law that was broken the shortest path there.
 * @throws `InvalidOptionError` for the first option that breaks its rule, and for an event to a name there is not.
 *
 * @example
 * ```ts
 * import { exploreProduct } from '@watchkeeper/testing';
 * import { createMachine, emit } from 'xstate';
 *
 * const client = createMachine({
 *   id: 'client',
 *   initial: 'idle',
 *   states: { idle: { on: { ask: { target: 'asking', actions: emit({ type: 'request' }) } } }, asking: {} },
 * });
 * const server = createMachine({ id: 'server', initial: 'up', states: { up: { on: { request: 'busy' } }, busy: {} } });
 * const { violations } = exploreProduct(
 *   { client, server },
 *   {
 *     events: [{ to: 'client', event: { type: 'ask' } }],
 *     connect: (from, event) => (from === 'client' ? { to: 'server', event } : undefined),
 *     laws: { 'nobody is busy for nobody': ({ client, server }) => client?.value === 'asking' || server?.value === 'up' },
 *   },
 * );
 * console.log(violations); // []
 * ```
 */
export function exploreProduct(
  machines: Readonly<Record<string, AnyStateMachine>>,
  options: ExploreProductOptions,
): ProductExploration {
  requireOption('exploreProduct.machines', machinesRule, machines);
  const named: Rule<readonly Addressed[]> = {
    is: `an array of { to, event }, with to one of ${Object.keys(machines).join(', ')}`,
    accepts: (value): value is readonly Addressed[] =>
      Array.isArray(value) && value.every(({ to, event }) => to in machines && typeof event?.type === 'string'),
  };
  const rules = { ...ruled, events: named };
  const given = resolveOptions<Required<ExploreProductOptions>>(
    'exploreProduct',
    rules,
    exploreProductDefaults as never,
    options,
  );
  const charts = mapValues(machines, (machine) => new ExploredChart(machine));
  const messagesOf = (from: string, sent: readonly AnyEventObject[]): readonly Message[] =>
    sent.flatMap((event) => {
      const addressed = given.connect(from, event);
      return addressed === undefined ? [] : { ...addressed, from };
    });
  const begun = Object.entries(charts).map(([name, chart]) => ({ name, ...chart.begin(given.inputs[name]) }));
  const { breaches, ...found } = search<Product, Step>(
    {
      start: {
        snapshots: Object.fromEntries(begun.map(({ name, snapshot }) => [name, snapshot])),
        underWay: begun.flatMap(({ name, sent }) => messagesOf(name, sent)),
      },
      key: ({ snapshots, underWay }) =>
        JSON.stringify([
          underWay,
          ...Object.entries(snapshots).map(([name, snapshot]) =>
            keyOf(snapshot, (context) => given.remembers(context, name)),
          ),
        ]),
      stepsFrom: ({ snapshots, underWay }) =>
        [...given.events, ...(given.delays ? delaysOf(charts, snapshots) : []), ...arrivalsOf(underWay)].filter(
          ({ to, event }) => snapshots[to]?.status === 'active' && charts[to]?.canCome(snapshots[to], event) === true,
        ),
      take({ snapshots, underWay }, { to, event, message }) {
        const chart = charts[to] as ExploredChart;
        const { snapshot, sent } = chart.react(snapshots[to] as AnyMachineSnapshot, event);
        return {
          snapshots: { ...snapshots, [to]: snapshot },
          underWay: [...underWay.filter((other) => other !== message), ...messagesOf(to, sent)],
        };
      },
    },
    mapValues(
      given.laws,
      (law: ProductLaw) =>
        ({ snapshots }, cause) =>
          law(snapshots, cause && { before: cause.before.snapshots, step: addressedOf(cause.step) }),
    ),
    given,
  );
  const violations = breaches.map(({ path, ...breach }) => ({ ...breach, path: path.map(addressedOf) }));
  return { ...found, coverage: mapValues(charts, ({ coverage }) => coverage), violations };
}

const ruled: Omit<Rules<ExploreProductOptions>, 'events'> = {
  connect: callable<(from: string, event: AnyEventObject) => Addressed | undefined>(),
  delays: flag,
  laws: lawsRule as Rule<Readonly<Record<string, ProductLaw>>>,
  depth: count,
  maxStates: positiveCount,
  inputs: {
    is: 'an object of inputs by the names of their machines',
    accepts: (value): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null,
  },
  remembers: callable<(context: never, name: string) => unknown>(),
};

const addressedOf = ({ to, event }: Step): Addressed => ({ to, event });

function delaysOf(charts: Readonly<Record<string, ExploredChart>>, snapshots: ProductSnapshot): readonly Addressed[] {
  return Object.entries(charts).flatMap(([to, chart]) =>
    chart.delaysOf(snapshots[to] as AnyMachineSnapshot).map((event) => ({ to, event })),
  );
}

/** The messages that may arrive next: of each pair of machines the oldest. */
function arrivalsOf(underWay: readonly Message[]): readonly Step[] {
  const isOldest = ({ from, to }: Message, index: number) =>
    underWay.findIndex((other) => other.from === from && other.to === to) === index;
  return underWay.filter(isOldest).map((message) => ({ to: message.to, event: message.event, message }));
}
