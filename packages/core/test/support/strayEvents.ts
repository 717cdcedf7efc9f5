import { type AnyActorLogic, assign, createActor, createMachine } from 'xstate';
import { StepClock } from './stepClock.ts';

/** Counts every event that nothing else takes. */
export const counting = createMachine({
  id: 'counting',
  context: { count: 0, seen: '' },
  initial: 'one',
  states: {
    one: {
      after: { 100: 'two' },
      always: { guard: ({ event }) => event.type === 'xstate.init' && event['again'] === true, target: 'two' },
    },
    two: { tags: 'second' },
  },
  on: {
    '*': { actions: assign({ count: ({ context }) => context.count + 1, seen: ({ event }) => event.type }) },
    'a.*': {},
  },
});

/** What is sent, by name. */
export const strays: [name: string, sent: unknown][] = [
  ['`xstate.init`', { type: 'xstate.init' }],
  ['`xstate.init` that an `always` waits for', { type: 'xstate.init', again: true }],
  ['the wildcard as a type', { type: '*' }],
  ['a partial wildcard as a type', { type: 'a.*' }],
  ['`xstate.stop`', { type: 'xstate.stop' }],
  ['an error of nobody', { type: 'xstate.error.actor.nobody', error: 'lost' }],
  ['a done event of nobody', { type: 'xstate.done.actor.nobody' }],
  ['an object without a type', {}],
  ['a type that is a number', { type: 5 }],
  ['a type that is an object', { type: {} }],
  ['an empty type', { type: '' }],
  ['`__proto__` as a type', { type: '__proto__' }],
  ['`constructor` as a type', { type: 'constructor' }],
  ['a number', 7],
  ['a string', 'go'],
  ['nothing', undefined],
  ['null', null],
];

/** What comes of sending it, and of another event after it. */
export function outcome(logic: AnyActorLogic, sent: unknown, create: typeof createActor = createActor): unknown {
  const clock = new StepClock();
  const actor = create(logic, { clock });
  const errors: unknown[] = [];
  actor.subscribe({ error: (error) => errors.push((error as Error).message) });
  actor.start();
  let thrown: unknown;
  try {
    actor.send(sent as never);
  } catch (error) {
    thrown = (error as Error).message;
  }
  actor.send({ type: 'next' });
  const { status, value, context, error } = actor.getSnapshot();
  return { status, value, context, error: (error as Error)?.message ?? error, errors, thrown, timers: clock.due() };
}
