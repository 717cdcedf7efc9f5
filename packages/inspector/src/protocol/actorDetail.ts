import type { ShownValue } from './shownValue.ts';

/** A monitor that another one depends on. */
export type Dependency = {
  readonly id: string;
  /** Relation to the other monitor: a dependency, a member of the composite, or the root cause of its trouble. */
  readonly role: 'dependency' | 'member' | 'root cause';
  readonly health: string;
};

/** Details of one actor beyond its state, without secrets. */
export type ActorDetail = {
  /** Explanation of its status, one sentence each. */
  readonly why: readonly string[];
  /** Monitors it depends on. */
  readonly dependencies: readonly Dependency[];
  /** Visible part of its context. */
  readonly context: Readonly<Record<string, ShownValue>>;
  /** Number of secrets taken out. */
  readonly redacted: number;
};
