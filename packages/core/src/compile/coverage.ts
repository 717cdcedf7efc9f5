import type { ChartTransition } from './model/chartNode.ts';
import type { ConfigurationTable } from './run/configuration.ts';

/** A transition that was taken. */
export type CoveredTransition = {
  /** Id of the state that declares it. */
  readonly source: string;
  /** Ids of the states it names as targets; none: it stays where it is. */
  readonly targets: readonly string[];
  /** The event descriptor it is declared for; empty for `always`. */
  readonly eventType: string;
  /** The name of its guard, if it has one. */
  readonly guard?: string;
};

/** The parts of a chart that were ever used, by all actors that run it. */
export type Coverage = {
  /** Ids of the states that were active at least once. */
  readonly states: readonly string[];
  /** Those that were taken; a transition that only forbids an event, and does nothing, is left out. */
  readonly transitions: readonly CoveredTransition[];
};

/** Reads the coverage off the tables: a microstep is worked out when it is first taken. */
export function coverageOf(table: ConfigurationTable): Coverage {
  return {
    states: Array.from(table.reached, ({ id }) => id),
    transitions: Array.from(table.taken)
      .filter(hasEffect)
      .map(({ source, targets = [], eventType, guardName }) => ({
        source: source.id,
        targets: targets.map(({ id }) => id),
        eventType,
        ...(guardName === undefined ? {} : { guard: guardName }),
      })),
  };
}

const hasEffect = ({ targets, guard, actions }: ChartTransition): boolean =>
  targets !== undefined || guard !== undefined || actions.length > 0;
