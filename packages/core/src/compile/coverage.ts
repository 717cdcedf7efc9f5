import type { Chart, ChartTransition } from './build/chart.ts';

/** A transition that was taken. */
export type CoveredTransition = {
  /** Id of the state that declares it. */
  readonly source: string;
  /** Ids of the states it names as targets; none: it stays where it is. */
  readonly targets: readonly string[];
  /** The event descriptor it answers to; empty for `always`. */
  readonly eventType: string;
  /** The name of its guard, if it has one. */
  readonly guard?: string;
};

/** What of a chart was ever used, by all actors that run it. */
export type Coverage = {
  /** Ids of the states that were active at least once. */
  readonly states: readonly string[];
  /** Those that were taken; a transition that only forbids an event, and does nothing, is left out. */
  readonly transitions: readonly CoveredTransition[];
};

/** A chart works out each microstep when it is first taken: what it has worked out is what was taken. */
export function coverageOf(chart: Chart): Coverage {
  return {
    states: Array.from(chart.reached, ({ id }) => id),
    transitions: Array.from(chart.taken)
      .filter(isFelt)
      .map(({ source, targets = [], eventType, guardName }) => ({
        source: source.id,
        targets: targets.map(({ id }) => id),
        eventType,
        ...(guardName === undefined ? {} : { guard: guardName }),
      })),
  };
}

const isFelt = ({ targets, guard, actions }: ChartTransition): boolean =>
  targets !== undefined || guard !== undefined || actions.length > 0;
