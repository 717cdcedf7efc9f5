import { type AnyStateMachine, createMachine, stateIn } from 'xstate';
import { context, named, say } from './sharedSetup.ts';

/** Regions side by side: how they share events, and how one transition moves several. */
export const regions: Record<string, AnyStateMachine> = {
  'parallel regions': named.createMachine({
    context,
    type: 'parallel',
    states: {
      left: {
        initial: 'l1',
        states: { l1: { on: { a: 'l2', b: { actions: say('left b') } } }, l2: { on: { a: 'l1' } } },
      },
      right: {
        initial: 'r1',
        states: { r1: { on: { a: 'r2', c: 'r2' } }, r2: { on: { c: 'r1', b: { actions: say('right b') } } } },
      },
    },
    on: { b: { actions: say('root b') }, c: { actions: say('root c') } },
  }),

  'parallel regions re-entered in another order': named.createMachine({
    context,
    initial: 'p',
    states: {
      p: {
        type: 'parallel',
        states: {
          x: {
            initial: 'x1',
            entry: say('x'),
            states: { x1: { on: { both: { actions: say('x1') } } } },
            on: { rx: { target: '#(machine).p.x', reenter: true } },
          },
          y: {
            initial: 'y1',
            entry: say('y'),
            states: { y1: { on: { both: { actions: say('y1') } } } },
            on: { ry: { target: '#(machine).p.y', reenter: true } },
          },
          2: {
            initial: 'z1',
            states: { z1: { on: { both: { target: 'z2', actions: say('z1') } } }, z2: { on: { both: 'z1' } } },
          },
        },
        on: { out: 'q' },
      },
      q: { on: { out: 'p', deep: ['#(machine).p.y.y1'] } },
    },
  }),

  'parallel within compound within parallel': named.createMachine({
    context,
    type: 'parallel',
    states: {
      top: {
        initial: 'idle',
        states: {
          idle: { on: { a: 'busy' } },
          busy: {
            type: 'parallel',
            exit: say('exit busy'),
            states: {
              one: { initial: 'i', states: { i: { on: { a: 'j' } }, j: { type: 'final' } } },
              two: { initial: 'i', states: { i: { on: { b: 'j' } }, j: { type: 'final' } } },
            },
            onDone: { target: 'idle', actions: say('busy done') },
            on: { c: 'idle' },
          },
        },
      },
      side: { initial: 'u', states: { u: { on: { b: 'v' } }, v: { on: { c: 'u' } } } },
    },
  }),

  'multiple targets': named.createMachine({
    context,
    initial: 'out',
    states: {
      out: { on: { a: { target: ['p.x.x2', 'p.y.y2'] }, b: { target: ['p.y.y2'] } } },
      p: {
        type: 'parallel',
        states: {
          x: { initial: 'x1', states: { x1: {}, x2: { entry: say('x2') } } },
          y: { initial: 'y1', states: { y1: { entry: say('y1') }, y2: { entry: say('y2') } } },
        },
        on: {
          b: 'out',
          a: { target: ['.x.x1', '.y.y1'] },
          c: { target: ['#(machine).p.x.x2', '#(machine).p.y.y2'], reenter: true },
        },
      },
    },
  }),

  'conflicting regions, the inner wins': named.createMachine({
    context,
    initial: 'p',
    states: {
      p: {
        type: 'parallel',
        states: {
          x: { initial: 'x1', states: { x1: { exit: say('exit x1'), on: { a: '#away', b: 'x2' } }, x2: {} } },
          y: {
            initial: 'y1',
            states: {
              y1: { exit: say('exit y1'), on: { a: { target: 'y2', actions: say('y a') }, b: '#away' } },
              y2: {},
            },
          },
        },
      },
      away: { id: 'away', on: { a: 'p', b: 'p' } },
    },
  }),

  'tags over regions': named.createMachine({
    context,
    type: 'parallel',
    tags: 'any',
    states: {
      x: {
        initial: 'x1',
        states: { x1: { tags: ['t1'], on: { a: 'x2' } }, x2: { tags: ['t2'], meta: { two: true } } },
      },
      y: { initial: 'y1', tags: 'y', states: { y1: { tags: 't1', on: { a: 'y2' } }, y2: {} }, meta: { y: 1 } },
    },
  }),

  'stateIn by id and by value': createMachine({
    type: 'parallel',
    states: {
      x: { initial: 'x1', states: { x1: { on: { a: 'x2' } }, x2: { id: 'x2', on: { a: 'x1' } } } },
      y: {
        initial: 'y1',
        states: {
          y1: { on: { b: { target: 'y2', guard: stateIn('#x2') } } },
          y2: { on: { b: { target: 'y1', guard: stateIn({ x: 'x1' }) } } },
        },
      },
    },
  }),
};
