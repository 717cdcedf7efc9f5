import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createActor, createMachine, raise, sendTo, stopChild } from 'xstate';
import { compile } from '../../src/index.ts';
import { interpretedAndCompiled, type Operation } from '../support/interpretedAndCompiled.ts';
import { echo } from '../support/sampleMachines/actors.ts';
import { StepClock } from '../support/stepClock.ts';

const a: Operation = { send: { type: 'a' } };

/** Differences between compiler and interpreter that random machines once found. */
const found: Record<string, [AnyStateMachine, Operation[]]> = {
  'an id of a timer used twice hides the first timer, also from the end of the machine': [
    createMachine({
      initial: 'x',
      states: { x: { on: { a: 'end' } }, end: { type: 'final' } },
      exit: [raise({ type: 'late' }, { id: 'twice', delay: 10 }), raise({ type: 'late' }, { id: 'twice', delay: 10 })],
    }),
    [a, { passMs: 20 }],
  ],
  'a message to a child stopped in the step that invoked it fails the actor': [
    createMachine({
      initial: { target: 'x', actions: [sendTo('child', { type: 'hello' }), stopChild('child')] },
      invoke: { src: echo, id: 'child' },
      states: { x: { tags: 'tag' } },
    }),
    [a],
  ],
  'a parallel state that history leaves out of the active nodes still takes its eventless transition': [
    createMachine({
      initial: 'both',
      context: { taken: 0 },
      states: {
        both: {
          type: 'parallel',
          always: {
            guard: ({ context, event }) => event.type === 'a' && context['taken'] === 0,
            actions: assign({ taken: 1 }),
          },
          states: { x: { on: { a: '#past' } }, past: { id: 'past', type: 'history' }, y: {} },
        },
      },
    }),
    [a],
  ],
  'a failed snapshot still says what it can do': [
    createMachine({ initial: 'x', states: { x: { tags: 'tag', on: { a: { actions: () => fail() } } } } }),
    [a],
  ],
  'a region entered through history while another re-enters everything leaves gaps': [
    createMachine({
      id: 'root',
      type: 'parallel',
      states: {
        one: { type: 'parallel', states: { x: {}, y: {} } },
        two: {
          type: 'parallel',
          states: {
            r: {
              initial: 'f',
              states: { f: { type: 'final', on: { a: '#past' } }, past: { type: 'history', id: 'past' } },
            },
            s: { on: { a: '#root' } },
            t: {},
          },
        },
        three: {},
      },
    }),
    [a, a, 'restore', a],
  ],
  'history in a parallel state that targets its own region': [
    createMachine({
      id: 'root',
      context: { n: 0 },
      initial: 'one',
      states: {
        one: { always: '#two' },
        two: {
          id: 'two',
          type: 'parallel',
          states: {
            f: { type: 'final', on: { a: { target: '#past', actions: 'seen' } } },
            past: { type: 'history', history: 'deep', id: 'past' },
          },
        },
      },
    }),
    [a, a, a, 'restore', a],
  ],
  'the same, where the value shows two states of a compound one': [
    createMachine({
      id: 'root',
      context: { n: 0 },
      initial: 'one',
      states: {
        one: { initial: 'inner', states: { inner: { on: { a: '#two', b: {} } } } },
        two: {
          id: 'two',
          type: 'parallel',
          states: {
            f: { type: 'final', on: { a: { target: '#past', actions: 'seen' } } },
            past: { type: 'history', history: 'deep', id: 'past' },
          },
        },
      },
    }),
    [a, a, a, a, 'restore', a],
  ],
};

describe('a compiled chart does what the interpreter does, where it once did not', () => {
  it.each(Object.entries(found))('%s', (_name, [machine, operations]) => {
    const { interpreted, compiled } = interpretedAndCompiled(machine, operations);
    expect(compiled).toEqual(interpreted);
  });

  it('an inspector that throws while a message goes out fails the actor, whose snapshot stays whole', () => {
    const machine = createMachine({
      initial: 'x',
      states: { x: { tags: 'tag', on: { a: { actions: sendTo(({ self }) => self, { type: 'ping' }) } } } },
    });
    const snapshots = [machine, compile(machine)].map((logic) => {
      const inspect = (inspected: { event?: { type: string } }) => {
        if (inspected.event?.type === 'ping') fail();
      };
      const actor = createActor(logic, { clock: new StepClock(), inspect } as never);
      actor.subscribe({ error: () => {} });
      actor.start().send({ type: 'a' });
      const snapshot = actor.getSnapshot();
      return [
        snapshot.status,
        snapshot.value,
        snapshot.hasTag('tag'),
        snapshot.can({ type: 'a' }),
        snapshot.matches('x'),
      ];
    });
    expect(snapshots[1]).toEqual(snapshots[0]);
    expect(snapshots[0]).toEqual(['error', 'x', true, true, true]);
  });
});

function fail(): never {
  throw new Error('no');
}
