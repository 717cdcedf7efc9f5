import type { AnyStateMachine } from 'xstate';
import { actions } from './actions.ts';
import { children } from './children.ts';
import { ends } from './ends.ts';
import { history } from './history.ts';
import { regions } from './regions.ts';
import { states } from './states.ts';
import { timers } from './timers.ts';

export const zoo: Record<string, AnyStateMachine> = {
  ...states,
  ...regions,
  ...history,
  ...ends,
  ...actions,
  ...timers,
  ...children,
};
