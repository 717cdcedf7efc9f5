import type { AnyEventObject, AnyStateNode, MachineContext } from 'xstate';
import type { Chart } from '../build/chart.ts';
import type { Action } from '../model/action.ts';
import type { ChartNode, ChartTransition, History } from '../model/chartNode.ts';
import type { ActiveStates } from '../model/guard.ts';
import type { GuardObserver } from './choice.ts';

/** A microstep worked out in advance. */
export interface Plan {
  readonly transitions: readonly ChartTransition[];
  /** Everything it runs, in order. */
  readonly actions: readonly Action[];
  /** The configuration it leads to. */
  readonly target: Configuration;
  /** False where the very same states stay active: the configuration is kept, whatever the actions do. */
  readonly changesStates: boolean;
}

/** What a configuration may do for one event type. Only the configuration it comes from reads more of it. */
export interface EventChoice {
  /**
   * Whether the event changes nothing and does nothing, whatever the context: no transition takes it, or only to forbid
   * it.
   */
  readonly isNoop: boolean;
}

/**
 * A set of active states together with the memory of the history states: everything about a snapshot that is not data.
 *
 * There are two kinds. A chart with few configurations has tables for each of them; one with many has tables for each
 * region, and its configurations are put together from the regions.
 */
export interface Configuration extends ActiveStates {
  readonly chart: Chart;
  /** The generation of tables it belongs to: once they are let go, it is looked up anew. */
  readonly generation: number;
  /** In the order in which the interpreter would keep them: it decides the order of regions and of eventless steps. */
  readonly nodes: readonly ChartNode[];
  readonly history: History;
  /** The active nodes as XState's own. */
  readonly stateNodes: AnyStateNode[];
  /** The memory of the history states in XState's form. */
  readonly historyValue: Readonly<Record<string, AnyStateNode[]>>;
  readonly tags: Set<string>;
  /** Whether a transition without an event may be taken. */
  readonly hasEventless: boolean;

  choice(eventType: string): EventChoice;
  /** The microstep for an event; `choice` is that of its type. */
  planForEvent(
    choice: EventChoice,
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined;
  /** The microstep of the transitions that need no event. */
  planForEventless(
    context: MachineContext,
    event: AnyEventObject,
    onGuard: GuardObserver | undefined,
  ): Plan | undefined;
  /** The microstep of transitions taken together; at least one. */
  planOf(transitions: readonly ChartTransition[]): Plan;
  /** Whether an event would be taken by a transition that does something. Evaluates guards, runs nothing. */
  can(context: MachineContext, event: AnyEventObject): boolean;
}

/** The tables of one chart, as its configurations see them. */
export interface Tables {
  readonly chart: Chart;
  readonly generation: number;
  readonly coverage: Covered;
  /** The configuration of these nodes with this memory, with tables of its own. */
  interned(nodes: readonly ChartNode[], history: History): Configuration;
  /** The same, put together from regions where the chart has many configurations. */
  configuration(nodes: readonly ChartNode[], history: History): Configuration;
  /** Counts what the tables hold; when they hold too much, all of it is let go. */
  grow(entries: number): void;
}

/** What of a chart was ever used, by XState's own nodes and transitions. */
export interface Covered {
  readonly nodes: Set<ChartNode['stateNode']>;
  readonly transitions: Set<ChartTransition['definition']>;
}

/** Whether one of the transitions does something. */
export const doesSomething = ({ targets, actions }: ChartTransition): boolean =>
  targets !== undefined || actions.length > 0;
