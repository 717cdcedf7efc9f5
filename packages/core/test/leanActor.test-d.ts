import { describe, expectTypeOf, it } from 'vitest';
import { assign, fromCallback, fromPromise, setup } from 'xstate';
import { createLeanActor } from '../src/index.ts';

const counter = setup({
  types: {
    context: {} as { count: number },
    events: {} as { type: 'add'; by: number },
    emitted: {} as { type: 'added'; total: number },
    input: {} as { start: number },
  },
}).createMachine({
  context: ({ input }) => ({ count: input.start }),
  on: { add: { actions: assign({ count: ({ context, event }) => context.count + event.by }) } },
});

describe('the types of a lean actor', () => {
  it('follow from its logic', () => {
    const actor = createLeanActor(counter, { input: { start: 1 } });
    expectTypeOf(actor.getSnapshot().context).toEqualTypeOf<{ count: number }>();
    expectTypeOf(actor.getSnapshot().matches).toBeFunction();
    actor.send({ type: 'add', by: 1 });
    // @ts-expect-error an event the machine does not know
    actor.send({ type: 'subtract', by: 1 });
    actor.on('added', ({ total }) => expectTypeOf(total).toBeNumber());
    // @ts-expect-error an emission the machine does not make
    actor.on('removed', () => {});
    // @ts-expect-error input of another shape
    createLeanActor(counter, { input: { begin: 1 } });
    // @ts-expect-error no input for a machine that needs some
    createLeanActor(counter);
    const output = createLeanActor(fromPromise(async () => 'text')).getSnapshot().output;
    expectTypeOf(output).toEqualTypeOf<string | undefined>();
    createLeanActor(fromCallback<{ type: 'ping' }>(() => {})).send({ type: 'ping' });
  });
});
