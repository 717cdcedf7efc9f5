import { of } from 'rxjs';
import {
  type ActorRefFrom,
  type AnyStateMachine,
  assign,
  createMachine,
  fromCallback,
  fromObservable,
  fromPromise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import { note } from '../traceNotes.ts';
import { counter, echo } from './actors.ts';

const breaks = fromCallback(({ receive }) => {
  receive(() => {
    throw new Error('child broke');
  });
});

const worker = createMachine({
  types: {} as { input: { start: number }; context: { n: number } },
  context: ({ input }) => ({ n: input?.start ?? 0 }),
  initial: 'busy',
  entry: sendParent({ type: 'hello' }),
  exit: () => note('worker exits'),
  states: {
    busy: {
      after: { 10: 'idle' },
      on: {
        finish: 'end',
        fail: {
          actions: () => {
            throw new Error('worker failed');
          },
        },
      },
    },
    idle: { on: { finish: 'end', ping: { actions: sendParent(({ context: { n } }) => ({ type: 'pong', n })) } } },
    end: { type: 'final' },
  },
  output: ({ context: { n } }) => n + 1,
});

const actors = {
  echo,
  breaks,
  counter,
  worker,
  number: fromPromise(async ({ input }: { input: number }) => input * 2),
  three: fromObservable(() => of(1, 2, 3)),
};
interface Counted {
  context: { got: unknown[] };
}
const withActors = setup({
  types: {} as { context: { got: unknown[] } },
  actors,
  actions: {
    keep: assign({ got: ({ context: { got: before }, event }) => [...before, JSON.parse(JSON.stringify(event))] }),
  },
});
const got = { got: [] as unknown[] };

/** Whom a chart starts, speaks with and stops. */
export const children: Record<string, AnyStateMachine> = {
  'invoke a callback': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: {
        invoke: { id: 'e', src: 'echo', input: { word: 'hi' } },
        on: { a: { actions: sendTo('e', { type: 'ask' }) }, b: 'y', 'echo.*': { actions: 'keep' } },
        exit: sendTo('e', { type: 'bye' }),
      },
      y: { on: { b: 'x' } },
    },
  }),

  'invoke without id, and twice': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: {
        invoke: [{ src: 'echo' }, { src: echo, systemId: 'named' }],
        on: { b: 'y', c: { target: 'x', reenter: true } },
      },
      y: { on: { b: 'x' } },
    },
  }),

  'speak to the child being invoked': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: { on: { a: 'y' } },
      y: {
        entry: sendTo('e', { type: 'early' }),
        invoke: { id: 'e', src: 'echo' },
        initial: { target: 'in', actions: sendTo('e', { type: 'initial' }) },
        states: { in: { entry: sendTo('e', { type: 'inner' }) } },
        on: { 'echo.*': { actions: 'keep' }, a: 'x', c: { target: 'y', reenter: true } },
      },
    },
  }),

  'invoke a machine': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: {
        invoke: {
          id: 'w',
          src: 'worker',
          input: ({ context }) => ({ start: context.got.length }),
          onDone: { target: 'y', actions: 'keep' },
          onError: { target: 'z', actions: assign({ got: ({ event }) => [(event.error as Error).message] }) },
        },
        on: {
          a: { actions: sendTo('w', { type: 'finish' }) },
          b: { actions: sendTo('w', { type: 'ping' }) },
          c: { actions: sendTo('w', { type: 'fail' }) },
          d: 'y',
          pong: { actions: 'keep' },
          hello: { actions: 'keep' },
        },
      },
      y: { on: { d: 'x' } },
      z: { on: { d: 'x' } },
    },
  }),

  'a child that fails unheard': withActors.createMachine({
    context: got,
    invoke: { id: 'w', src: 'worker', input: { start: 1 } },
    after: { 50: {} },
    on: { c: { actions: sendTo('w', { type: 'fail' }) }, a: { actions: 'keep' } },
  }),

  'a callback that throws': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: {
        invoke: { id: 'b', src: 'breaks', onError: { target: 'y', actions: () => note('caught') } },
        on: { a: { actions: sendTo('b', { type: 'now' }) } },
      },
      y: {},
    },
  }),

  'a child that finishes at once': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: {
        invoke: {
          src: createMachine({ initial: 'end', states: { end: { type: 'final' } }, output: 'done' }),
          onDone: { target: 'y', actions: 'keep' },
        },
      },
      y: { on: { a: 'x' } },
    },
  }),

  'onSnapshot of a child': withActors.createMachine({
    context: got,
    invoke: {
      id: 'c',
      src: 'counter',
      onSnapshot: { actions: assign({ got: ({ context, event }) => [...context.got, event.snapshot.context] }) },
    },
    on: { a: { actions: sendTo('c', { type: 'inc' }) } },
  }),

  'invoke an observable': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: {
        invoke: {
          id: 'o',
          src: 'three',
          onSnapshot: { actions: assign({ got: ({ context, event }) => [...context.got, event.snapshot.context] }) },
          onDone: 'y',
        },
      },
      y: { on: { a: 'x' } },
    },
  }),

  'invoke and leave at once': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: { on: { a: 'y' } },
      y: { invoke: { id: 'e', src: 'echo', systemId: 'one' }, always: 'z' },
      z: { invoke: { id: 'f', src: 'echo', systemId: 'one' }, on: { a: 'x' } },
    },
  }),

  'spawnChild and stopChild': withActors.createMachine({
    context: got,
    on: {
      a: { actions: spawnChild('echo', { id: 'e', input: { word: 'spawned' } }) },
      b: { actions: stopChild('e') },
      c: {
        actions: [
          spawnChild(counter, {
            id: (({ context }: Counted) => `c${context.got.length}`) as never,
            syncSnapshot: true,
          }),
          sendTo('c0', { type: 'inc' }),
        ],
      },
      d: { actions: [sendTo('e', { type: 'ask' }), stopChild(({ self }) => self.getSnapshot().children['e'] ?? 'e')] },
      e: { actions: spawnChild('echo') },
      'xstate.snapshot.*': { actions: 'keep' },
    },
  }),

  'spawn within assign': setup({
    types: {} as { context: { ref: ActorRefFrom<typeof counter> | undefined; other: unknown } },
    actors,
  }).createMachine({
    context: ({ spawn }) => ({ ref: spawn('counter', { id: 'first' }), other: null }),
    on: {
      a: { actions: ({ context }) => context.ref?.send({ type: 'inc' }) },
      b: { actions: assign({ other: ({ spawn }) => spawn(echo, { id: 'second' } as object) }) },
      c: { actions: assign({ other: ({ spawn }) => spawn('counter') }) },
      d: { actions: stopChild('first') },
    },
  }),

  'done with a child running': withActors.createMachine({
    context: got,
    initial: 'x',
    invoke: { id: 'e', src: 'echo' },
    states: {
      x: { invoke: { id: 'w', src: 'worker', input: { start: 0 } }, on: { a: 'end' } },
      end: { type: 'final' },
    },
  }),
};

/** Machines whose children answer in a later turn. */
export const promised: Record<string, AnyStateMachine> = {
  'invoke a promise': withActors.createMachine({
    context: got,
    initial: 'x',
    states: {
      x: { invoke: { id: 'p', src: 'number', input: 21, onDone: { target: 'y', actions: 'keep' } }, on: { a: 'y' } },
      y: { on: { a: 'x', b: 'z' } },
      z: {
        invoke: {
          src: fromPromise(async () => {
            throw new Error('refused');
          }),
          onError: { target: 'y', actions: assign({ got: ({ event }) => [(event.error as Error).message] }) },
        },
      },
    },
  }),
};
