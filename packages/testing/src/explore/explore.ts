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
import { type ChartCoverage, ExploredChart } from './exploredChart.ts';
import { machineRule } from './machineRule.ts';
import { type Cause, type Found, search } from './search.ts';

/** A claim about every state and step of a machine: true where it holds. */
export type Law = (
  snapshot: AnyMachineSnapshot,
  cause: { readonly before: AnyMachineSnapshot; readonly event: AnyEventObject } | undefined,
) => boolean;

/** Options of {@link explore}. */
export interface ExploreOptions {
  /**
   * The events that may come, in every state. Those of invoked actors are `xstate.done.actor.ID` and
   * `xstate.error.actor.ID`; they come only while the actor is there.
   */
  readonly events: readonly AnyEventObject[];
  /**
   * Whether a delayed transition may fire whenever its state is active.
   * @default true
   */
  readonly delays?: boolean;
  /**
   * What must hold, by name.
   * @default none but that no step throws
   */
  readonly laws?: Readonly<Record<string, Law>>;
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
  /** @default no input */
  readonly input?: unknown;
  /**
   * What tells two states apart beside where the chart stands. A context that grows for ever needs it.
   * @default the whole context, as JSON
   */
  readonly remembers?: (context: never) => unknown;
}

/** A law that did not hold. */
export interface LawBreach {
  /** Its name, or `no step throws`. */
  readonly law: string;
  /** What was thrown, where something was. */
  readonly error?: unknown;
  /** The shortest path there; the last event is the one that broke it. */
  readonly path: readonly AnyEventObject[];
}

/** What {@link explore} found. */
export interface Exploration {
  /** States that were told apart; those of several explorations each for itself. */
  readonly states: number;
  readonly steps: number;
  /** False when `depth` or `maxStates` kept it from states it would have gone to. */
  readonly isComplete: boolean;
  readonly coverage: ChartCoverage;
  /** One for each law that was broken. */
  readonly violations: readonly LawBreach[];
}

/** Defaults of {@link ExploreOptions}. */
export const exploreDefaults = {
  delays: true,
  laws: {},
  depth: 20,
  maxStates: 10_000,
  input: undefined,
  remembers: (context: never): unknown => context,
} as const satisfies Omit<Required<ExploreOptions>, 'events'>;

const events: Rule<readonly AnyEventObject[]> = {
  is: 'an array of events, objects with a type',
  accepts: (value): value is readonly AnyEventObject[] =>
    Array.isArray(value) && value.every((event) => typeof event?.type === 'string'),
};

/** What an option that is laws by name must be. */
export const lawsRule: Rule<object> = {
  is: 'an object of functions, each by the name of its law',
  accepts: (value): value is object =>
    typeof value === 'object' && value !== null && Object.values(value).every((law) => typeof law === 'function'),
};

const rules: Rules<ExploreOptions> = {
  events,
  delays: flag,
  laws: lawsRule as Rule<Readonly<Record<string, Law>>>,
  depth: count,
  maxStates: positiveCount,
  input: { is: 'anything', accepts: (_value): _value is unknown => true },
  remembers: callable<(context: never) => unknown>(),
};

/**
 * Takes every event and every delay from every state of a machine that can be reached, on pure snapshots: actions are not
 * run, `assign` and guards are. Events that the machine sends to itself after a delay are left out; give them as `events`.
 *
 * @param explorations one, or several of the same machine, with other inputs and events: what one does not reach, another may.
 * @returns how much of the chart was met, and for each law that was broken the shortest path there.
 * @throws `InvalidOptionError` for the first option that breaks its rule.
 *
 * @example
 * ```ts
 * import { explore } from '@watchkeeper/testing';
 * import { createMachine } from 'xstate';
 *
 * const door = createMachine({
 *   id: 'door',
 *   initial: 'closed',
 *   states: { closed: { on: { open: 'open' } }, open: { on: { close: 'closed' }, after: { 1000: 'closed' } } },
 * });
 * const { coverage, violations } = explore(door, { events: [{ type: 'open' }, { type: 'close' }] });
 * console.log(coverage.transitions.missing, violations); // [] []
 * ```
 */
export function explore(machine: AnyStateMachine, ...explorations: readonly ExploreOptions[]): Exploration {
  requireOption('explore.machine', machineRule, machine);
  const all = explorations.map((given) =>
    resolveOptions<Required<ExploreOptions>>('explore', rules, exploreDefaults as never, given),
  );
  const chart = new ExploredChart(machine);
  const found = all.map((resolved) => exploreOnce(chart, resolved));
  const violations = found.flatMap(({ breaches }) => breaches);
  return {
    states: found.reduce((sum, { states }) => sum + states, 0),
    steps: found.reduce((sum, { steps }) => sum + steps, 0),
    isComplete: found.every(({ isComplete }) => isComplete),
    coverage: chart.coverage,
    violations: violations.filter(({ law }, index) => violations.findIndex((other) => other.law === law) === index),
  };
}

function exploreOnce(chart: ExploredChart, given: Required<ExploreOptions>): Found<AnyEventObject> {
  return search<AnyMachineSnapshot, AnyEventObject>(
    {
      start: chart.begin(given.input).snapshot,
      key: (snapshot) => keyOf(snapshot, given.remembers),
      stepsFrom(snapshot) {
        if (snapshot.status !== 'active') return [];
        const events = given.events.filter((event) => chart.canCome(snapshot, event));
        return given.delays ? [...events, ...chart.delaysOf(snapshot)] : events;
      },
      take: (snapshot, event) => chart.react(snapshot, event).snapshot,
    },
    mapValues(given.laws, lawOfSearch),
    given,
  );
}

/** What tells two snapshots apart. */
export function keyOf(
  { value, status, context, historyValue }: AnyMachineSnapshot,
  remembers: (context: never) => unknown,
): string {
  const history = Object.entries(historyValue).map(([id, nodes]) => [id, nodes.map((node) => node.id)]);
  return JSON.stringify([value, status, history, remembers(context as never)]);
}

function lawOfSearch(law: Law) {
  return (snapshot: AnyMachineSnapshot, cause: Cause<AnyMachineSnapshot, AnyEventObject> | undefined): boolean =>
    law(snapshot, cause && { before: cause.before, event: cause.step });
}

/** The same names with other values. */
export function mapValues<TValue, TOther>(
  given: Readonly<Record<string, TValue>>,
  change: (value: TValue) => TOther,
): Record<string, TOther> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(value)]));
}
