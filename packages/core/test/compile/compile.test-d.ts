import { expectTypeOf, it } from 'vitest';
import {
  type ActorRefFrom,
  assign,
  createActor,
  createMachine,
  type EmittedFrom,
  emit,
  type InputFrom,
  type OutputFrom,
  type SnapshotFrom,
  setup,
} from 'xstate';
import { compile } from '../../src/index.ts';

const machine = setup({
  types: {} as {
    context: { count: number };
    events: { type: 'add'; by: number } | { type: 'stop' };
    emitted: { type: 'added'; total: number };
    input: { start: number };
    output: { total: number };
    tags: 'busy';
  },
}).createMachine({
  context: ({ input }) => ({ count: input.start }),
  initial: 'open',
  states: {
    open: {
      tags: 'busy',
      on: {
        add: {
          actions: [
            assign({ count: ({ context, event }) => context.count + event.by }),
            emit(({ context }) => ({ type: 'added', total: context.count })),
          ],
        },
        stop: 'closed',
      },
    },
    closed: { type: 'final' },
  },
  output: ({ context }) => ({ total: context.count }),
});
const logic = compile(machine);

it('carries the types of the machine', () => {
  expectTypeOf<SnapshotFrom<typeof logic>>().toEqualTypeOf<SnapshotFrom<typeof machine>>();
  expectTypeOf<InputFrom<typeof logic>>().toEqualTypeOf<InputFrom<typeof machine>>();
  expectTypeOf<OutputFrom<typeof logic>>().toEqualTypeOf<OutputFrom<typeof machine>>();
  expectTypeOf<EmittedFrom<typeof logic>>().toEqualTypeOf<EmittedFrom<typeof machine>>();
  expectTypeOf(logic.machine).toEqualTypeOf(machine);
});

it('types createActor as the machine does', () => {
  const actor = createActor(logic, { input: { start: 1 } });
  expectTypeOf(actor.getSnapshot().context).toEqualTypeOf<{ count: number }>();
  expectTypeOf(actor.getSnapshot().value).toEqualTypeOf<'open' | 'closed'>();
  expectTypeOf(actor.getSnapshot().output).toEqualTypeOf<{ total: number } | undefined>();
  actor.send({ type: 'add', by: 2 });
  actor.on('added', ({ total }) => expectTypeOf(total).toEqualTypeOf<number>());
  actor.getSnapshot().hasTag('busy');
  actor.getSnapshot().matches('open');

  // @ts-expect-error: the machine needs its input
  createActor(logic);
  // @ts-expect-error: the input has a shape
  createActor(logic, { input: { start: '1' } });
  // @ts-expect-error: no such event
  actor.send({ type: 'remove' });
  // @ts-expect-error: the event lacks its payload
  actor.send({ type: 'add' });
  // @ts-expect-error: nothing of this type is emitted
  actor.on('removed', () => {});
  // @ts-expect-error: no such state
  actor.getSnapshot().matches('ajar');
});

it('asks for no input where the machine takes none', () => {
  createActor(compile(createMachine({ initial: 'x', states: { x: {} } })));
});

it('invokes and spawns like any logic', () => {
  const parent = setup({ actors: { child: logic } }).createMachine({
    invoke: {
      src: 'child',
      input: { start: 2 },
      onDone: { actions: ({ event }) => expectTypeOf(event.output).toEqualTypeOf<{ total: number }>() },
    },
  });
  expectTypeOf(parent).not.toBeAny();
  expectTypeOf<ActorRefFrom<typeof logic>['send']>().toEqualTypeOf<ActorRefFrom<typeof machine>['send']>();
});
