import { type AnyStateMachine, createMachine } from 'xstate';
import { below, context, named, say } from './sharedSetup.ts';

/** Where the chart stands and how it moves: nesting and re-entry. */
export const states: Record<string, AnyStateMachine> = {
  'one atomic root': named.createMachine({ context, on: { a: { actions: 'bump' } } }),

  'two states': named.createMachine({
    context,
    initial: 'off',
    states: { off: { on: { a: 'on' }, tags: 'dark' }, on: { on: { a: 'off' }, tags: ['lit', 'warm'] } },
  }),

  'entry and exit, nested': named.createMachine({
    context,
    entry: say('enter root'),
    initial: 'outer',
    states: {
      outer: {
        entry: say('enter outer'),
        exit: say('exit outer'),
        initial: 'one',
        states: {
          one: { entry: say('enter one'), exit: say('exit one'), on: { a: 'two' } },
          two: { entry: say('enter two'), exit: say('exit two'), on: { a: 'one' } },
        },
        on: { b: 'other', c: '.two', d: { target: '.one', reenter: true } },
      },
      other: { entry: say('enter other'), exit: say('exit other'), on: { b: 'outer', a: '#deep' } },
      third: {
        initial: 'x',
        states: { x: {}, y: { id: 'deep', entry: say('deep'), on: { a: '#(machine).outer.two' } } },
      },
    },
  }),

  'reenter against internal': named.createMachine({
    context,
    initial: 's',
    entry: say('enter root'),
    exit: say('exit root'),
    states: {
      s: {
        entry: say('enter s'),
        exit: say('exit s'),
        initial: 'x',
        states: { x: { entry: say('x'), on: { a: 'y' } }, y: { entry: say('y') } },
        on: {
          b: { target: 's', reenter: true, actions: say('b') },
          c: { target: 's', actions: say('c') },
          d: { reenter: true, actions: say('d') },
        },
      },
    },
    on: { e: { target: '.s', reenter: true }, f: { target: '#(machine)', reenter: true, actions: say('f') } },
  }),

  'initial with actions': createMachine({
    initial: { target: 'a1', actions: () => {} },
    states: {
      a1: { on: { a: 'b1' } },
      b1: { initial: { target: 'inner', actions: 'missing' }, states: { inner: { on: { a: '#(machine).a1' } } } },
    },
  }),

  'guard on a limit': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: { on: { a: [{ guard: below(2), actions: 'bump' }, { guard: 'never', target: 'x' }, { target: 'y' }] } },
      y: { on: { a: { target: 'x', actions: 'reset' } } },
    },
  }),
};
