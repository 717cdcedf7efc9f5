import type { AnyStateMachine } from 'xstate';
import { context, named, say } from './sharedSetup.ts';

/** Where a state was when it was left, and what comes of going back. */
export const history: Record<string, AnyStateMachine> = {
  'shallow history': named.createMachine({
    context,
    initial: 'on',
    states: {
      on: {
        initial: 'one',
        states: {
          one: { entry: say('one'), on: { a: 'two' } },
          two: { initial: 'x', states: { x: { on: { a: 'y' } }, y: { entry: say('y') } } },
          past: { type: 'history' },
        },
        on: { b: 'off' },
      },
      off: { on: { b: 'on.past', c: 'on' } },
    },
  }),

  'deep history': named.createMachine({
    context,
    initial: 'on',
    states: {
      on: {
        initial: 'one',
        states: {
          one: { on: { a: 'two' } },
          two: { initial: 'x', states: { x: { on: { a: 'y' } }, y: { entry: say('y'), exit: say('exit y') } } },
          past: { type: 'history', history: 'deep' },
        },
        on: { b: 'off', c: { target: '.past', reenter: true } },
      },
      off: { on: { b: 'on.past' } },
    },
  }),

  'deep history of regions': named.createMachine({
    context,
    initial: 'p',
    states: {
      p: {
        type: 'parallel',
        states: {
          x: { initial: 'x1', states: { x1: { on: { a: 'x2' } }, x2: { on: { a: 'x1' } } } },
          y: { initial: 'y1', states: { y1: { on: { b: 'y2' } }, y2: { on: { b: 'y1' } } } },
          past: { type: 'history', history: 'deep' },
          last: { type: 'history' },
        },
        on: { out: 'away' },
      },
      away: { on: { out: 'p.past', b: 'p.last', a: 'p' } },
    },
  }),

  'history with a default target': named.createMachine({
    context,
    initial: 'off',
    states: {
      off: { on: { a: 'on.past', b: 'on.far', c: '#recall' } },
      on: {
        initial: { target: 'one', actions: say('initial of on') },
        states: {
          one: { entry: say('one') },
          two: { entry: say('two') },
          past: { type: 'history', target: 'two' },
          plain: { id: 'recall', type: 'history' },
          far: { type: 'history', target: '#elsewhere' },
        },
        on: { a: 'off', b: '.two' },
      },
      rest: { id: 'elsewhere', on: { a: 'off' } },
    },
  }),
};
