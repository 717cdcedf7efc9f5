import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, raise, sendTo, setup, spawnChild } from 'xstate';
import { compile, UnsupportedFeatureError } from '../../src/index.ts';

const unknownAction = Object.assign(() => {}, { type: 'xstate.teleport', resolve: () => {} });
const unknownGuard = Object.assign(() => true, { check: () => true });
const at = (state: object): AnyStateMachine =>
  createMachine({ id: 'm', initial: 'x', states: { x: state } } as never) as AnyStateMachine;

const refused: [feature: string, machine: AnyStateMachine, path: string][] = [
  ["the guard 'ready', which has no implementation", at({ on: { a: { guard: 'ready' } } }), 'm.x'],
  [
    "the guard 'loop', which refers to itself",
    createMachine({ id: 'm', on: { a: { guard: 'loop' } } }).provide({ guards: { loop: { type: 'loop' } as never } }),
    'm',
  ],
  ['a guard that is neither a name nor a function', at({ always: { guard: 7 } }), 'm.x'],
  ['a built-in guard of an unknown kind', at({ on: { a: { guard: unknownGuard } } }), 'm.x'],
  ["the built-in action 'xstate.teleport' of an unknown kind", at({ entry: unknownAction }), 'm.x'],
  ['an action that is neither a name nor a function', at({ exit: { kind: 'strange' } }), 'm.x'],
  ["the delay 'soon', which has no implementation", at({ after: { soon: {} } }), 'm.x'],
  [
    "the delay 'later', which has no implementation",
    at({ entry: raise({ type: 'a' }, { delay: 'later' as never }) }),
    'm.x',
  ],
  ["the actor 'clerk', which has no implementation", at({ invoke: { src: 'clerk' } }), 'm.x'],
  ["the actor 'guest', which has no implementation", at({ entry: spawnChild('guest' as never) }), 'm.x'],
  ['`raise` of a string instead of an event', at({ entry: raise('a' as never) }), 'm.x'],
  ['`sendTo` of a string instead of an event', at({ entry: sendTo('b', 'a' as never) }), 'm.x'],
  ["the event descriptor 'a.*.b', whose wildcard never matches", at({ on: { 'a.*.b': {} } }), 'm.x'],
  ["the event descriptor 'a*', whose wildcard never matches", at({ on: { 'a*': {} } }), 'm.x'],
  ["the id 'twin', used twice", at({ initial: 'y', states: { y: { id: 'twin' }, z: { id: 'twin' } } }), 'twin'],
];

describe('compile refuses, by name and place,', () => {
  it.each(refused)('%s', (feature, machine, path) => {
    let thrown: unknown;
    try {
      compile(machine);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnsupportedFeatureError);
    expect(thrown).toMatchObject({
      code: 'UNSUPPORTED_FEATURE',
      feature,
      path,
      message: `Cannot compile ${feature}, found at #${path}`,
    });
  });

  it('no machine whose names all have implementations', () => {
    const machine = setup({
      guards: { ready: () => true },
      actions: { mark: assign({}) },
      delays: { soon: 5 },
    }).createMachine({
      initial: 'x',
      states: { x: { on: { a: { guard: 'ready', actions: 'mark' } }, after: { soon: {} } } },
    });
    expect(() => compile(machine)).not.toThrow();
  });
});
