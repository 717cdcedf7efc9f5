import type { AnyStateMachine } from 'xstate';
import { context, named, say } from './sharedSetup.ts';

/** How a chart, a state or a region ends, and with what. */
export const finalStates: Record<string, AnyStateMachine> = {
  'final with output': named.createMachine({
    context,
    initial: 'work',
    output: ({ context: { count }, event }) => ({ count, from: event }),
    states: {
      work: { on: { a: { actions: 'bump' }, b: 'done' }, exit: say('exit work') },
      done: {
        type: 'final',
        entry: say('done'),
        exit: say('exit done'),
        output: ({ context: { count } }) => count * 2,
      },
    },
    exit: say('exit root'),
  }),

  'nested final raises onDone with output': named.createMachine({
    context,
    initial: 'outer',
    states: {
      outer: {
        initial: 'x',
        states: { x: { on: { a: 'y', b: 'z' } }, y: { type: 'final', output: { from: 'y' } }, z: { type: 'final' } },
        onDone: [
          {
            guard: ({ event }) => (event.output as { from?: string } | undefined)?.from === 'y',
            target: 'won',
            actions: say('won'),
          },
          { target: 'lost' },
        ],
      },
      won: { on: { a: 'outer' } },
      lost: { on: { a: 'outer' } },
    },
  }),

  'parallel root done': named.createMachine({
    context,
    type: 'parallel',
    output: ({ event }) => event,
    states: {
      x: {
        initial: 'x1',
        states: { x1: { on: { a: 'x2' } }, x2: { type: 'final', output: 'x' } },
        onDone: { actions: say('x done') },
      },
      y: { initial: 'y1', states: { y1: { on: { b: 'y2' } }, y2: { type: 'final', output: 'y' } } },
    },
    onDone: { actions: say('all done') },
  }),

  'done at once': named.createMachine({
    context,
    initial: 'end',
    entry: say('root'),
    states: { end: { type: 'final' } },
    output: 7,
  }),
};
