import type { AnyTransitionDefinition } from 'xstate';
import { guardName } from './build/compileGuard.ts';
import type { Covered } from './run/configuration.ts';

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
export function coverageOf({ nodes, transitions }: Covered): Coverage {
  return {
    states: Array.from(nodes, ({ id }) => id),
    transitions: Array.from(transitions)
      .filter(hasEffect)
      .map(({ source, target = [], eventType, guard }) => {
        const name = guardName(guard);
        return {
          source: source.id,
          targets: target.map(({ id }) => id),
          eventType,
          ...(name === undefined ? {} : { guard: name }),
        };
      }),
  };
}

const hasEffect = ({ target, guard, actions }: AnyTransitionDefinition): boolean =>
  target !== undefined || guard !== undefined || actions.length > 0;
