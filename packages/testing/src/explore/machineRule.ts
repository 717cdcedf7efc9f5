import { objectWith, type Rule } from '@watchkeeper/core/options';
import type { AnyStateMachine } from 'xstate';

const logic = objectWith<AnyStateMachine>('transition', 'getInitialSnapshot', 'provide');

/** What a machine must be, as far as can be seen. */
export const machineRule: Rule<AnyStateMachine> = {
  is: 'a machine of XState 5',
  accepts: (value): value is AnyStateMachine => logic.accepts(value) && typeof value.config === 'object',
};
