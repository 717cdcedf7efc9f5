import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { Action } from './action.ts';
import type { Guard } from './guard.ts';

/** A transition with its names looked up. */
export interface ChartTransition {
  /** XState's own, the same however often the machine is compiled. */
  readonly definition: AnyTransitionDefinition;
  readonly source: ChartNode;
  readonly targets: readonly ChartNode[] | undefined;
  readonly reenter: boolean;
  readonly eventType: string;
  readonly guard: Guard | undefined;
  readonly guardName: string | undefined;
  readonly actions: readonly Action[];
}

/** The part of a transition that decides which states are exited and entered. */
export type Move = Pick<ChartTransition, 'source' | 'targets' | 'reenter'>;

/** The nodes each history state remembers, by the id of the history state. */
export type History = ReadonlyMap<string, readonly ChartNode[]>;

/** A state of a chart: XState's node with compiled guards and actions. */
export class ChartNode {
  readonly stateNode: AnyStateNode;
  readonly id: string;
  readonly key: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly order: number;
  readonly parent: ChartNode | undefined;
  readonly output: unknown;
  children: readonly ChartNode[] = [];
  entry: readonly Action[] = [];
  exit: readonly Action[] = [];
  spawns: readonly Action[] = [];
  stops: readonly Action[] = [];
  invokedIds: readonly string[] = [];
  initial: ChartNode | undefined;
  initialActions: readonly Action[] = [];
  /** Targets of a history state that remembers nothing. Unset: the parent's initial state. */
  historyDefault: readonly ChartNode[] | undefined;
  always: readonly ChartTransition[] = [];
  transitions: ReadonlyMap<string, readonly ChartTransition[]> = new Map();

  constructor(stateNode: AnyStateNode, parent: ChartNode | undefined) {
    this.stateNode = stateNode;
    this.id = stateNode.id;
    this.key = stateNode.key;
    this.type = stateNode.type;
    this.order = stateNode.order;
    this.parent = parent;
    this.output = stateNode.output;
  }

  get isAtomic(): boolean {
    return this.type === 'atomic' || this.type === 'final';
  }
}
