import { setup, stateIn } from 'xstate';

/** Input of the throttle machine. */
export interface ThrottleInput {
  /** The shortest time between two publications, in milliseconds. */
  readonly minIntervalMs: number;
  /** Must not throw. */
  readonly publish: () => void;
}

/** Events of the throttle machine. `flush` publishes at once what waits for the end of the interval. */
export type ThrottleEvent = { readonly type: 'touch' } | { readonly type: 'flush' };

/** Throttle with a trailing edge: publishes at the first touch, then at most once an interval, and loses no touch. */
export const throttleMachine = setup({
  types: {
    context: {} as ThrottleInput,
    events: {} as ThrottleEvent,
    input: {} as ThrottleInput,
  },
  actions: { publish: ({ context }) => context.publish() },
  guards: { isTouched: stateIn({ throttled: 'touched' }) },
  delays: { minInterval: ({ context }) => context.minIntervalMs },
}).createMachine({
  id: 'throttle',
  context: ({ input }) => input,
  initial: 'ready',
  states: {
    ready: { on: { touch: 'throttled' } },
    throttled: {
      entry: 'publish',
      initial: 'untouched',
      after: { minInterval: [{ guard: 'isTouched', target: 'throttled', reenter: true }, { target: 'ready' }] },
      states: {
        untouched: { on: { touch: 'touched' } },
        touched: { on: { flush: '#throttle.throttled' } },
      },
    },
  },
});
