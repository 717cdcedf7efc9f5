import {
  type AnyActorRef,
  type AnyStateMachine,
  and,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  not,
  or,
  raise,
  sendParent,
  sendTo,
  setup,
  stateIn,
  stopChild,
} from 'xstate';
import { note } from '../traceNotes.ts';

const kid = createMachine({
  id: 'kid',
  initial: 'a',
  states: { a: { on: { go: 'b' } }, b: { entry: sendParent({ type: 'kid.done' }), type: 'final' } },
  output: 7,
});

const lamp = createMachine({
  id: 'lamp',
  initial: 'on',
  states: { on: { after: { 15: 'off' }, on: { flip: 'off' } }, off: { on: { flip: 'on' } } },
});

/** Children by system id that are spawned, addressed, stopped and spawned again. */
const spawned = setup({
  types: {} as { context: { kids: number; done: number } },
  actors: { kid },
}).createMachine({
  id: 'spawned',
  context: { kids: 0, done: 0 },
  on: {
    add: {
      guard: ({ context }) => context.kids < 2,
      actions: assign({
        kids: ({ context: { kids }, spawn }) => {
          spawn('kid', { id: `kid.${kids}`, systemId: `system.${kids}` });
          return kids + 1;
        },
      }),
    },
    poke: {
      guard: ({ context }) => context.kids > 0 && context.done === 0,
      actions: sendTo(({ system }) => system.get('system.0') as AnyActorRef, { type: 'go' }),
    },
    'kid.done': { actions: assign({ done: 1 }) },
    drop: { actions: stopChild('kid.1') },
    'xstate.done.actor.*': { actions: ({ event }) => note(event.type) },
  },
});

/** A child with a system id and a timer of its own, which is saved in the midst of it. */
const saved = setup({ actors: { lamp } }).createMachine({
  id: 'saved',
  initial: 'x',
  invoke: { src: 'lamp', id: 'lamp', systemId: 'the lamp', onSnapshot: { actions: () => note('the lamp changes') } },
  states: {
    x: { on: { flip: { target: 'y', actions: sendTo('lamp', { type: 'flip' }) } } },
    y: { on: { flip: { target: 'x', actions: sendTo('lamp', { type: 'flip' }) } } },
  },
});

/** Deep and shallow history of regions, entered together, alone, and by their parent's own. */
const remembered = createMachine({
  id: 'remembered',
  initial: 'both',
  states: {
    both: {
      type: 'parallel',
      on: { out: 'away' },
      states: {
        left: {
          initial: 'a',
          states: {
            a: { on: { next: 'b' } },
            b: { initial: 'c', states: { c: { on: { more: 'd' } }, d: {} } },
            deep: { type: 'history', history: 'deep' },
          },
        },
        right: { initial: 'a', states: { a: { on: { next: 'b' } }, b: {}, shallow: { type: 'history' } } },
        all: { type: 'history', history: 'deep' },
      },
    },
    away: {
      on: {
        back: '#remembered.both.all',
        left: '#remembered.both.left.deep',
        together: { target: ['#remembered.both.left.deep', '#remembered.both.right.shallow'] },
        anew: 'both',
      },
    },
  },
});

/** Wildcards of several lengths, in states whose keys have dots. */
const dotted = createMachine({
  id: 'dotted',
  initial: 'a.b',
  states: {
    'a.b': {
      id: 'first',
      on: {
        'x.y.*': { actions: () => note('x.y.*') },
        'x.*': { actions: () => note('x.*') },
        '*': { actions: ({ event }) => note(`* ${event.type}`) },
        go: '#second',
      },
    },
    'c.d': {
      id: 'second',
      initial: 'e.f',
      on: { '*': { actions: ({ event }) => note(`outer ${event.type}`) } },
      states: {
        'e.f': { on: { 'x.y.*': undefined, 'x.*': { target: '#third' } } },
        'g.h': { id: 'third', tags: 't.u', on: { back: '#first' } },
      },
    },
  },
});

/** Delayed raises under one id, cancelled, armed again and saved. */
const raised = setup({
  types: {} as { context: { ms: number } },
  delays: { wait: ({ context }) => context.ms },
}).createMachine({
  id: 'raised',
  context: { ms: 10 },
  initial: 'a',
  states: {
    a: {
      entry: raise({ type: 'tick' }, { delay: 'wait', id: 'q' }),
      on: {
        tick: { target: 'a', reenter: true, actions: assign({ ms: ({ context }) => Math.min(context.ms + 10, 30) }) },
        stop: { actions: cancel('q') },
        again: {
          actions: [raise({ type: 'tick' }, { delay: 5, id: 'q' }), raise({ type: 'tick' }, { delay: 7, id: 'q' })],
        },
        now: { actions: [raise({ type: 'other' }), raise({ type: 'tick' })] },
        other: { actions: () => note('other') },
      },
    },
  },
});

/** Enqueued actions within enqueued actions, emitted events, guards of guards. */
const enqueued = setup({
  types: {} as { context: { count: number }; emitted: { type: 'big'; count: number } | { type: 'in' } },
  guards: {
    isBig: ({ context }, params?: { than: number }) => context.count > (params?.than ?? 2),
    isEven: ({ context }) => context.count % 2 === 0,
  },
  actions: { up: assign({ count: ({ context }, params: { by: number }) => Math.min(context.count + params.by, 9) }) },
}).createMachine({
  id: 'enqueued',
  context: { count: 0 },
  initial: 'a',
  states: {
    a: {
      on: {
        go: {
          actions: enqueueActions(({ enqueue, check, context }) => {
            enqueue({ type: 'up', params: { by: 2 } });
            if (check({ type: 'isBig', params: { than: 1 } })) enqueue.emit({ type: 'big', count: context.count });
            if (check(and(['isEven', not('isBig')]))) enqueue.raise({ type: 'in' });
            enqueue.assign({ count: ({ context }) => context.count + 1 });
          }),
        },
        in: {
          guard: or(['isBig', stateIn('a')]),
          actions: [emit({ type: 'in' })],
        },
      },
    },
  },
});

/** Eventless steps that look at what was raised before them, and loop while a guard holds. */
const looping = setup({ types: {} as { context: { count: number } } }).createMachine({
  id: 'looping',
  context: { count: 0 },
  initial: 'a',
  on: { late: { actions: () => note('root late') } },
  states: {
    a: {
      on: { go: { target: 'b', actions: [raise({ type: 'soon' }), raise({ type: 'late' })] } },
      always: { guard: ({ context }) => context.count > 5, target: 'end' },
    },
    b: {
      entry: assign({ count: ({ context }) => context.count + 1 }),
      always: [
        { guard: ({ context }) => context.count < 3, target: 'b', reenter: true },
        {
          guard: ({ context }) => context.count === 3,
          target: 'c',
          actions: ({ event }) => note(`to c at ${event.type}`),
        },
      ],
      on: { soon: { actions: () => note('b soon') }, go: 'a' },
    },
    c: { on: { soon: { target: 'a', actions: () => note('c soon') }, late: { actions: () => note('c late') } } },
    end: { type: 'final' },
  },
});

/** Outputs of nested final states, of a region and of the whole. */
const reported = setup({ types: {} as { context: { count: number } } }).createMachine({
  id: 'reported',
  context: { count: 2 },
  initial: 'a',
  output: ({ event, context }) => ({ of: event.type, count: context.count }),
  states: {
    a: {
      type: 'parallel',
      onDone: { target: 'b', actions: ({ event }) => note(`a ${JSON.stringify(event.output)}`) },
      states: {
        left: { initial: 'x', states: { x: { on: { left: 'y' } }, y: { type: 'final', output: () => 'of y' } } },
        right: {
          initial: 'x',
          onDone: { actions: ({ event }) => note(`right ${JSON.stringify(event.output)}`) },
          states: { x: { on: { right: 'y' } }, y: { type: 'final', output: { deep: 1 } } },
        },
      },
    },
    b: { initial: 'c', states: { c: { type: 'final', output: 'of c' } }, onDone: 'end' },
    end: { type: 'final', output: ({ event }) => event.type },
  },
});

/** Features of XState beside each other, as programs combine them. */
export const combinations: Readonly<Record<string, AnyStateMachine>> = {
  'children by system id': spawned,
  'a saved child with a timer': saved,
  'history of regions': remembered,
  'wildcards and keys with dots': dotted,
  'delayed raises under one id': raised,
  'enqueued actions and guards of guards': enqueued,
  'eventless loops and raised events': looping,
  'outputs of nested states': reported,
};
