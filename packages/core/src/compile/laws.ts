import type { ChartNode, ChartTransition } from './chart.ts';
import type { History } from './configuration.ts';
import { type EntrySet, entrySet } from './entrySet.ts';
import { matchingTransitions } from './events.ts';
import { exitSet, type Move, remember, withoutConflicts } from './exitSet.ts';
import { isFinished } from './tree.ts';

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
  isFinished(node: ChartNode, active: ReadonlySet<ChartNode>): boolean;
  remember(left: readonly ChartNode[], active: ReadonlySet<ChartNode>, history: History): History;
  /** Whether leaving a state stops what it invoked. */
  readonly stopsInvoked: boolean;
  /** Whether an event is looked for in the outer states once an inner one took it. */
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
  isFinished,
  remember,
  stopsInvoked: true,
  innerFirst: true,
};
