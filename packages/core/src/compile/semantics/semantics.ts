import type { ChartNode, ChartTransition } from '../build/chart.ts';
import type { Action } from '../build/compileAction.ts';
import { matchingTransitions } from '../run/choice.ts';
import type { History } from '../run/configuration.ts';
import { type Completion, completion } from './completion.ts';
import { type EntrySet, entrySet } from './entrySet.ts';
import { exitSet, type Move, remember, withoutConflicts } from './exitSet.ts';

/**
 * The questions whose answers make up the semantics of a chart.
 *
 * They are gathered in one record so that the tests can break one answer at a time and see that the comparison
 * with the interpreter notices.
 */
export interface Laws {
  matching(node: ChartNode, eventType: string): readonly ChartTransition[];
  eventless(node: ChartNode): readonly ChartTransition[];
  withoutConflicts<M extends Move>(moves: readonly M[], active: ReadonlySet<ChartNode>, history: History): M[];
  exitSet(moves: readonly Move[], active: ReadonlySet<ChartNode>, history: History): ChartNode[];
  exitOrder(left: ChartNode, right: ChartNode): number;
  entrySet(moves: readonly Move[], history: History): EntrySet;
  entryOrder(left: ChartNode, right: ChartNode): number;
  /** What a state runs when it is left. */
  exitActions(node: ChartNode): readonly Action[];
  /** What follows from entering a final state. */
  completion(node: ChartNode, active: ReadonlySet<ChartNode>, completed: Set<ChartNode>): Completion;
  remember(left: readonly ChartNode[], active: ReadonlySet<ChartNode>, history: History): History;
  /** Whether an inner state is asked for a transition before the states around it. */
  readonly innerFirst: boolean;
}

/** SCXML as XState reads it. */
export const scxml: Laws = {
  matching: matchingTransitions,
  eventless: (node) => node.always,
  withoutConflicts,
  exitSet,
  exitOrder: (left, right) => right.order - left.order,
  entrySet,
  entryOrder: (left, right) => left.order - right.order,
  exitActions: (node) => [...node.exit, ...node.stops],
  completion,
  remember,
  innerFirst: true,
};
