import type { ExploreOptions } from '@watchkeeper/testing';
import type { AnyStateMachine } from 'xstate';

/** A chart, and the explorations that together take all of it. */
export interface ChartExploration {
  readonly machine: AnyStateMachine;
  readonly explorations: readonly ExploreOptions[];
}

/** Far enough for every chart: an exploration that they end is not complete, and fails. */
export const limits = { depth: 1_000, maxStates: 40_000 };
