import type { StateValue } from 'xstate';
import type { ActorKind } from '../events/events.ts';
import type { Health } from '../model/health.ts';

/** Public view of one actor. Plain and serialisable, without data of the program. */
export type ActorView = {
  /** Unique among all children of this supervisor, ended ones too. */
  readonly actorId: string;
  readonly kind: ActorKind | 'supervisor';
  /** The name it goes by: a monitor's id, a notifier's key, a session's number, the supervisor's name. */
  readonly id: string;
  /** The active states of its chart. */
  readonly value: StateValue;
  readonly health?: Health;
};

/** One actor as it is now, with its context. */
export type ActorPeek = {
  /** The active states of its chart. */
  readonly value: StateValue;
  /** Its context: data of the program, which may hold secrets. */
  readonly context: unknown;
  /** Of a monitor: the ids of those it depends on, and of those it judges as a composite. */
  readonly restsOn?: { readonly dependencies: readonly string[]; readonly members: readonly string[] };
};
