import type { AnyStateMachine } from 'xstate';
import { actions } from './actions.ts';
import { children } from './children.ts';
import { states } from './states.ts';
import { timers } from './timers.ts';

export const zoo: Record<string, AnyStateMachine> = { ...states, ...actions, ...timers, ...children };
