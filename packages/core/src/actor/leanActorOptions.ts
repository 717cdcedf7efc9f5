import type { AnyActorRef, Snapshot } from 'xstate';
import type { SystemOptions } from '../xstate/actorInternals.ts';

/** Options of a lean actor. `clock`, `logger` and `inspect` belong to its system and count for root actors only. */
export interface LeanActorOptions<TInput> extends SystemOptions {
  /** The actor this is a child of; without one it is the root of a system of its own. */
  readonly parent?: AnyActorRef;
  /**
   * Its name among the children of its parent.
   * @default its session id
   */
  readonly id?: string;
  /** Its name in the system, under which `system.get` finds it. */
  readonly systemId?: string;
  /** Input of its logic. */
  readonly input?: TInput;
  /** A persisted snapshot to restore. */
  readonly snapshot?: Snapshot<unknown>;
}
