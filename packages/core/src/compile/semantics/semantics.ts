import type { Action } from '../model/action.ts';
import type { ChartNode, ChartTransition, History, Move } from '../model/chartNode.ts';
import { type Completion, completion } from './completion.ts';
import { type EntrySet, entrySet } from './entrySet.ts';
import { exitSet, remember, withoutConflicts } from './exitSet.ts';
import { matchingTransitions } from './matching.ts';

/**
 * The semantics of a chart: every rule by which its tables are made.
 *
 * The rules stand in one record so that mutation tests can break one at a time and show that the comparison with the
 * interpreter notices.
 */
export interface Semantics {
  /** The transitions of a node that an event type may take, the first choice first. */
  matching(node: ChartNode, eventType: string): readonly ChartTransition[];
  /** The transitions of a node that need no event. */
  eventless(node: ChartNode): readonly ChartTransition[];
  /** Of transitions that exit the same state, only the one that wins. */
  withoutConflicts<M extends Move>(moves: readonly M[], active: ReadonlySet<ChartNode>, history: History): M[];
  /** The states that transitions exit. */
  exitSet(moves: readonly Move[], active: ReadonlySet<ChartNode>, history: History): ChartNode[];
  /** Order of exiting, as a comparator. */
  exitOrder(left: ChartNode, right: ChartNode): number;
  /** The states that transitions enter. */
  entrySet(moves: readonly Move[], history: History): EntrySet;
  /** Order of entering, as a comparator. */
  entryOrder(left: ChartNode, right: ChartNode): number;
  /** The actions a state runs when it is exited. */
  exitActions(node: ChartNode): readonly Action[];
  /** The consequences of entering a final state. */
  completion(node: ChartNode, active: ReadonlySet<ChartNode>, completed: Set<ChartNode>): Completion;
  /** The memory of the history states once `exited` are exited. */
  remember(exited: readonly ChartNode[], active: ReadonlySet<ChartNode>, history: History): History;
  /** Whether the transitions of an inner state go before those of the states around it. */
  readonly innerFirst: boolean;
}

/** The semantics of SCXML as XState implements it. */
export const scxml: Semantics = {
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
