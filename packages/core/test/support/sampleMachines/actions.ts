import {
  type AnyStateMachine,
  and,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  log,
  not,
  or,
  raise,
  sendTo,
  setup,
  stateIn,
} from 'xstate';
import { note } from '../traceNotes.ts';
import { below, context, named, say } from './sharedSetup.ts';

/** What a chart does: guards, assigns, raised and sent events, eventless transitions, wildcards. */
export const actions: Record<string, AnyStateMachine> = {
  'guards, inline and combined': named.createMachine({
    context,
    on: {
      a: { guard: 'isEven', actions: ['bump', say('even')] },
      b: { guard: not('isEven'), actions: ['bump', say('odd')] },
      c: [
        { guard: and(['isEven', below(2)]), actions: say('and') },
        { guard: or(['never', ({ context: { count } }) => count > 2]), actions: say('or') },
        { guard: not(and([not('isEven'), or(['never', 'isEven'])])), actions: say('else') },
      ],
      d: { guard: { type: 'isBelow', params: ({ event }) => ({ limit: event.type.length }) }, actions: say('dynamic') },
    },
  }),

  'a named guard made of guards': setup({
    types: {} as { context: { n: number } },
    guards: { isSmall: ({ context: { n } }) => n < 2, isReady: and(['isSmall', not(() => false)]) },
  }).createMachine({
    context: { n: 0 },
    on: { a: { guard: 'isReady', actions: assign({ n: ({ context: { n } }) => n + 1 }) } },
  }),

  'a guard that throws': createMachine({
    on: {
      a: {
        guard: () => {
          throw new Error('guard broke');
        },
      },
      b: { actions: () => note('b') },
    },
  }),

  'an action that throws': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: { on: { a: { target: 'y', actions: () => boom() }, b: 'y' }, exit: say('exit x') },
      y: { entry: () => boom(), after: { 5: 'x' } },
    },
  }),

  'an entry action that throws on start': createMachine({
    entry: [() => note('first'), () => boom()],
    after: { 5: {} },
  }),

  'an assign that throws on start': createMachine({
    context: () => ({ n: 0 }),
    entry: assign(() => boom()),
  }),

  'a context that throws': createMachine({ context: () => boom() }),

  'assign in every form': named.createMachine({
    context,
    on: {
      a: { actions: assign(({ context: { count, log: lines } }) => ({ count: count + 1, log: [...lines, 'a'] })) },
      b: { actions: assign({ count: 5, log: ({ event }) => [event.type] }) },
      c: {
        actions: [
          { type: 'add', params: { by: 2 } },
          { type: 'add', params: ({ context: { count } }) => ({ by: count }) },
          say('c'),
        ],
      },
      d: { actions: assign({}) },
    },
  }),

  'actions see the context of their place': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: {
        exit: [say('exit before'), 'bump', say('exit after')],
        on: { a: { target: 'y', actions: [say('on'), 'bump'] } },
      },
      y: { entry: ['shout', say('enter'), 'bump', say('entered')], on: { a: 'x' } },
    },
  }),

  'params that look': named.createMachine({
    context,
    on: {
      a: {
        actions: [
          'bump',
          { type: 'say', params: ({ context: { count }, event }) => ({ word: `${event.type}${count}` }) },
        ],
      },
    },
  }),

  'missing and anonymous actions': createMachine({
    entry: [
      'nowhere',
      { type: 'nothing', params: { a: 1 } },
      () => note('inline'),
      function called() {
        note('called');
      },
    ],
    on: { a: { actions: 'nowhere' } },
  }),

  'raise in order': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: {
        on: {
          a: { actions: [raise({ type: 'b' }), raise(() => ({ type: 'c' })), say('a')] },
          b: { target: 'y', actions: say('b') },
        },
        exit: raise({ type: 'd' }),
      },
      y: { on: { c: { actions: say('c') }, d: { target: 'x', actions: say('d') } } },
    },
  }),

  'emit and log': named.createMachine({
    context,
    entry: [emit({ type: 'started' }), log('hello', 'label'), say('between')],
    on: {
      a: { actions: [emit(({ context: { count } }) => ({ type: 'counted', count })), 'bump', say('after emit')] },
      b: { actions: [log(), log(({ context: { count } }) => count), log('plain')] },
    },
  }),

  'sendTo itself': named.createMachine({
    context,
    on: {
      a: { actions: [sendTo(({ self }) => self, { type: 'b' }), say('a')] },
      b: { actions: say('b') },
      c: { actions: sendTo('#_internal', { type: 'b' }) },
      d: { actions: sendTo('nobody', { type: 'b' }) },
    },
  }),

  enqueueActions: named.createMachine({
    context,
    initial: 'x',
    states: {
      x: {
        entry: enqueueActions(({ enqueue, check }) => {
          enqueue.assign({ count: 1 });
          if (check('isEven')) enqueue({ type: 'say', params: { word: 'even' } });
          enqueue('bump');
          enqueue(({ context: { count } }) => note('count', count));
        }),
        on: {
          a: {
            actions: enqueueActions(({ enqueue, context: { count }, event }) => {
              enqueue.emit({ type: `${event.type}.${count}` });
              enqueue.raise({ type: 'b' });
              enqueue.sendTo(({ self }) => self, { type: 'c' });
              enqueue.raise({ type: 'c' }, { id: 'late', delay: 10 });
              if (count > 3) enqueue.cancel('late');
              enqueue('bump');
            }),
          },
          b: { actions: say('b') },
          c: { target: 'y', guard: stateIn('x') },
        },
      },
      y: { on: { a: 'x' } },
    },
  }),

  'always until a guard says no': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: {
        always: [
          { guard: below(3), actions: ['bump', say('again')] },
          { guard: below(4), target: 'y' },
        ],
        on: { a: { actions: 'bump' } },
      },
      y: { on: { a: { target: 'x', actions: 'reset' } } },
    },
  }),

  'always without a change runs once': named.createMachine({
    context,
    always: { actions: say('once') },
    on: { a: {}, b: { actions: 'bump' } },
  }),

  'always in regions': named.createMachine({
    context,
    type: 'parallel',
    states: {
      x: {
        initial: 'x1',
        states: {
          x1: { on: { a: 'x2' } },
          x2: { always: { guard: ({ context: { count } }) => count > 0, target: 'x1' } },
        },
      },
      y: {
        initial: 'y1',
        states: {
          y1: { always: { guard: stateIn({ x: 'x2' }), target: 'y2', actions: 'bump' } },
          y2: { on: { b: { target: 'y1', actions: 'reset' } } },
        },
      },
    },
    always: { guard: ({ context: { count } }) => count > 1, actions: 'reset' },
  }),

  'an endless loop': createMachine({
    initial: 'x',
    options: { maxIterations: 10 },
    states: { x: { on: { a: 'y' } }, y: { always: 'z' }, z: { always: 'y' } },
  }),

  'always looks at the event': createMachine({
    initial: 'x',
    states: { x: { always: { guard: ({ event }) => event.type === 'go', target: 'y' } }, y: { on: { '*': 'x' } } },
  }),

  'wildcards by length': named.createMachine({
    context,
    initial: 'x',
    states: {
      x: {
        on: {
          '*': { actions: say('any') },
          'probe.*': { actions: say('probe any') },
          'probe.http.*': { guard: 'isEven', actions: say('http any') },
          'probe.http.ok': { guard: 'never' },
          forbidden: undefined,
          b: 'y',
        },
      },
      y: { on: { 'probe.*': 'x' } },
    },
    on: { a: { actions: 'bump' }, forbidden: { actions: say('not reached') }, '*': { actions: say('root any') } },
  }),

  'a cancelled raise': named.createMachine({
    context,
    on: {
      a: { actions: raise({ type: 'late' }, { id: 'r', delay: 10 }) },
      b: { actions: cancel('r') },
      c: { actions: [raise({ type: 'late' }, { id: 'r', delay: 20 }), cancel(() => 'r')] },
      d: { actions: raise({ type: 'late' }, { delay: 'grown' }) },
      late: { actions: ['bump', say('late')] },
    },
  }),

  'input makes the context': createMachine({
    types: {} as { context: { from: unknown }; input: unknown },
    context: ({ input }) => ({ from: input }),
    on: { a: { actions: assign({ from: ({ event }) => event.type }) } },
  }),

  'provided implementations': named
    .createMachine({ context, on: { a: { guard: 'never', actions: 'shout' } } })
    .provide({ guards: { never: () => true }, actions: { shout: () => note('provided shout') } }),

  'route by id': createMachine({
    initial: 'x',
    states: {
      x: { id: 'x', route: {}, on: { a: 'y' } },
      y: { id: 'y', route: { guard: ({ event }: { event: object }) => 'pass' in event } },
    },
  } as never),
};

function boom(): never {
  throw new Error('boom');
}
