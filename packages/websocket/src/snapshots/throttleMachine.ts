import { setup, stateIn } from 'xstate';

/** What a spacing is made of. */
export interface SpacingInput {
  readonly floorMs: number;
  readonly publish: () => void;
}

/** What a spacing can be told. `flush` publishes what waits now. */
export type SpacingCommand = { readonly type: 'touch' } | { readonly type: 'flush' };

/** Publishes at the first touch, then at most once in each interval: the last touch within one is never lost. */
export const spacingMachine = setup({
  types: {
    context: {} as SpacingInput,
    events: {} as SpacingCommand,
    input: {} as SpacingInput,
  },
  actions: { publish: ({ context }) => context.publish() },
  guards: { isTouched: stateIn({ spacing: 'touched' }) },
  delays: { floor: ({ context }) => context.floorMs },
}).createMachine({
  id: 'spacing',
  context: ({ input }) => input,
  initial: 'ready',
  states: {
    ready: { on: { touch: 'spacing' } },
    spacing: {
      entry: 'publish',
      initial: 'untouched',
      after: { floor: [{ guard: 'isTouched', target: 'spacing', reenter: true }, { target: 'ready' }] },
      states: {
        untouched: { on: { touch: 'touched' } },
        touched: { on: { flush: '#spacing.spacing' } },
      },
    },
  },
});
