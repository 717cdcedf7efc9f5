import { type AnyStateMachine, createMachine, stateIn } from 'xstate';
import { below, context, named, say } from './names.ts';

/** Where the chart stands and how it moves: nesting, regions, history, finality. */
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

  'guard on a limit': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: { on: { a: [{ guard: below(2), actions: 'bump' }, { guard: 'never', target: 'x' }, { target: 'y' }] } },
      y: { on: { a: { target: 'x', actions: 'reset' } } },
    },
  }),
};
