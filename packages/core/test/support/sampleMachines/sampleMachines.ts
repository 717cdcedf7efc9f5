import type { AnyStateMachine } from 'xstate';
import { actions } from './actions.ts';
import { children } from './children.ts';
import { combinations } from './combinations.ts';
import { finalStates } from './finalStates.ts';
import { history } from './history.ts';
import { regions } from './regions.ts';
import { states } from './states.ts';
import { timers } from './timers.ts';

/** Machines that use every feature `compile` covers, by name. */
export const sampleMachines: Record<string, AnyStateMachine> = {
  ...states,
  ...regions,
  ...history,
  ...finalStates,
  ...actions,
  ...timers,
  ...children,
  ...combinations,
};
