import type { ShownValue } from './shownValue.ts';

/** A monitor that another one rests on. */
export type Dependency = {
  readonly id: string;
  /** What it is to the other: something it needs, something it judges, or what is at the bottom of its trouble. */
  readonly role: 'dependency' | 'member' | 'root cause';
  readonly health: string;
};

/** What is known of one actor beyond its state, without secrets. */
export type ActorDetail = {
  /** Why it stands as it does, a sentence each. */
  readonly why: readonly string[];
  /** What it rests on. */
  readonly dependencies: readonly Dependency[];
  /** What it remembers. */
  readonly context: Readonly<Record<string, ShownValue>>;
  /** How many secrets were taken out. */
  readonly redacted: number;
};
