import type { AnyEventObject, MachineContext, StateValue } from 'xstate';

/** A compiled guard: its names are looked up. */
export type Guard = (context: MachineContext, event: AnyEventObject, states: ActiveStates) => boolean;

/** The active states as a guard sees them. The one implementation is `Configuration`. */
export interface ActiveStates {
  readonly value: StateValue;
  /** Whether the state with this id is active. */
  has(id: string): boolean;
}
