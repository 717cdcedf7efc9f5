import { type AnyStateMachine, raise, sendTo } from 'xstate';
import { below, context, named, say } from './sharedSetup.ts';

/** What a chart does later. */
export const timers: Record<string, AnyStateMachine> = {
  'after leaves a state': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: { after: { 10: 'y' }, on: { a: 'y' } },
      y: { after: { 15: { target: 'x', actions: 'bump' } }, on: { a: 'x' } },
    },
  }),

  'after named, guarded, several': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: {
        after: {
          short: [
            { guard: 'never', target: 'y' },
            { guard: below(2), actions: ['bump', say('short')] },
          ],
          grown: 'y',
          25: { target: 'x', reenter: true },
        },
        on: { a: { actions: 'bump' }, b: { target: 'x', reenter: true } },
      },
      y: { on: { b: 'x' } },
    },
  }),

  'after on every level': named.createMachine({
    context,
    initial: 'outer',
    after: { 40: '.end' },
    states: {
      outer: {
        initial: 'x',
        after: { 20: { target: '#(machine).other' } },
        states: { x: { after: { 10: 'y' }, on: { a: 'y' } }, y: { after: { 10: 'x' } } },
      },
      other: { on: { a: 'outer' } },
      end: { type: 'final' },
    },
  }),

  'after in regions, due together': named.createMachine({
    context,
    type: 'parallel',
    states: {
      y: {
        initial: 'a',
        states: {
          a: { after: { 10: 'b' }, on: { ry: { target: 'a', reenter: true } } },
          b: { entry: say('y.b'), on: { ry: 'a' } },
        },
      },
      x: { initial: 'a', states: { a: { after: { 10: 'b' } }, b: { entry: say('x.b'), on: { rx: 'a' } } } },
    },
  }),

  'after zero, armed and disarmed in one step': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: { on: { a: 'y', b: 'w' } },
      y: { after: { 0: 'x' }, always: { guard: 'isEven', target: 'z' } },
      z: { after: { 0: { target: 'x', actions: 'bump' } } },
      w: { after: { 0: 'w2' } },
      w2: {},
    },
  }),

  'delayed sendTo': named.createMachine({
    context,
    on: {
      a: { actions: sendTo(({ self }) => self, { type: 'late' }, { delay: 'short', id: 's' }) },
      b: {
        actions: [
          sendTo(({ self }) => self, { type: 'late' }, { delay: 5 }),
          sendTo(({ self }) => self, { type: 'late' }, { delay: 5, id: 's' }),
        ],
      },
      late: { actions: say('late') },
    },
  }),

  'done with timers armed': named.createMachine({
    context,
    initial: 'x',
    after: { 30: { actions: say('too late') } },
    states: {
      x: { after: { 20: { actions: 'bump' } }, on: { a: 'end' } },
      end: { type: 'final', after: { 5: { actions: say('never') } } },
    },
  }),

  'done in a step that arms timers': named.createMachine({
    context,
    initial: 'x',
    exit: raise({ type: 'late' }, { id: 'late', delay: 10 }),
    states: { x: { on: { a: 'end', b: { actions: 'bump' } } }, end: { type: 'final' } },
  }),

  'done at once with a timer armed': named.createMachine({
    context,
    initial: 'end',
    entry: raise({ type: 'late' }, { id: 'late', delay: 10 }),
    states: { end: { type: 'final' } },
  }),
};
