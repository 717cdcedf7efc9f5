import { describe, expect, it } from 'vitest';
import {
  type AnyActorRef,
  type AnyActorScope,
  and,
  assign,
  cancel,
  createActor,
  createMachine,
  emit,
  enqueueActions,
  fromCallback,
  fromTransition,
  log,
  not,
  or,
  raise,
  sendParent,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';
import * as internals from '../../src/xstate/machineInternals.ts';
import { StepClock } from '../support/stepClock.ts';

const anyone = fromTransition((state: number) => state, 0);
const event = { type: 'e' };
const expression = () => event;

describe('XState, whose internals compile reads, still keeps', () => {
  it.each([
    [assign({ a: 1 }), { type: 'xstate.assign', assignment: { a: 1 } }],
    [raise(event, { id: 'i', delay: 5 }), { type: 'xstate.raise', event, id: 'i', delay: 5 }],
    [sendTo('to', event, { id: 'i', delay: 5 }), { type: 'xstate.sendTo', to: 'to', event, id: 'i', delay: 5 }],
    [sendParent(expression), { type: 'xstate.sendTo', to: '#_parent', event: expression }],
    [cancel('i'), { type: 'xstate.cancel', sendId: 'i' }],
    [emit(event), { type: 'xstate.emit', event }],
    [log('value', 'label'), { type: 'xstate.log', value: 'value', label: 'label' }],
    [
      spawnChild(anyone, { id: 'i', systemId: 's', input: 1, syncSnapshot: true } as never),
      { type: 'xstate.spawnChild', src: anyone, id: 'i', systemId: 's', input: 1, syncSnapshot: true },
    ],
    [stopChild('i'), { type: 'xstate.stopChild', actorRef: 'i' }],
    [enqueueActions(expression), { type: 'xstate.enqueueActions', collect: expression }],
  ])('the options of a built-in action as fields: %o', (action, fields) => {
    const builtin = internals.builtinAction(action) as object;
    expect({ ...builtin }).toMatchObject(fields);
  });

  it('plain functions apart from built-in actions and guards', () => {
    expect(internals.builtinAction(() => {})).toBeUndefined();
    expect(internals.builtinGuard(() => true)).toBeUndefined();
  });

  it('the parts of a built-in guard as fields', () => {
    expect(internals.builtinGuard(and(['a', 'b']))).toMatchObject({ kind: 'and', guards: ['a', 'b'] });
    expect(internals.builtinGuard(or(['a']))).toMatchObject({ kind: 'or', guards: ['a'] });
    expect(internals.builtinGuard(not('a'))).toMatchObject({ kind: 'not', guards: ['a'] });
    expect(internals.builtinGuard(stateIn('#x'))).toMatchObject({ kind: 'stateIn', stateValue: '#x' });
  });

  it('delayed transitions as raise on entry and cancel on exit, under the type of their event', () => {
    const { root } = createMachine({ id: 'm', after: { 5: {} } });
    const id = 'xstate.after.5.m';
    expect(root.entry.map((action) => ({ ...(action as object) }))).toMatchObject([
      { event: { type: id }, id, delay: 5 },
    ]);
    expect(root.exit.map((action) => ({ ...(action as object) }))).toMatchObject([{ sendId: id }]);
  });

  it('names for logic invoked inline', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'x',
      states: { x: { invoke: [{ src: 'a' }, { src: anyone }] } },
    });
    const [, inline] = machine.getStateNodeById('m.x').invoke;
    expect(internals.referencedLogic(machine, inline?.src as string)).toBe(anyone);
  });

  it('parent, status, clock and relay of an actor', () => {
    const clock = new StepClock();
    const scopes: AnyActorScope[] = [];
    const logic = { ...anyone, start: (_state: unknown, scope: AnyActorScope) => scopes.push(scope) };
    const seen: unknown[] = [];
    const inspect = (inspected: { type: string }) => {
      if (inspected.type === '@xstate.event') seen.push(inspected);
    };
    const parent = createActor(logic as never, { clock, inspect } as never) as unknown as AnyActorRef;
    expect(internals.isRunning(parent)).toBe(false);
    parent.start();
    const [scope] = scopes as [AnyActorScope];
    const child = internals.createChild(scope, anyone, { id: 'child', src: anyone, systemId: 'unique' });
    expect(internals.parentOf(child)).toBe(parent);
    internals.startLater({ defer: (effect) => effect() }, child);
    expect(internals.isRunning(child)).toBe(true);
    expect(internals.clockOf(parent)).toBe(clock);

    internals.relay(parent, child, event);
    expect(seen.at(-1)).toMatchObject({ sourceRef: parent, actorRef: child, event });

    internals.unregister(child);
    expect(scope.system.get('unique' as never)).toBeUndefined();
    scope.stopChild(child);
    expect(internals.isStopped(child)).toBe(true);
    expect(internals.isRunning(child)).toBe(false);
  });

  it('the names of its own events', () => {
    const types: string[] = [];
    const child = fromCallback(() => {
      throw new Error('broken');
    });
    const inspect = (inspected: { type: string; event?: { type: string } }) => {
      if (inspected.type === '@xstate.event') types.push(inspected.event?.type ?? '');
    };
    const parent = createMachine({ invoke: { src: child, id: 'child' }, on: { 'xstate.error.*': {} } });
    createActor(parent, { inspect } as never).start();
    expect(types).toContain(internals.INIT_EVENT_TYPE);
    expect(types.some((type) => type.startsWith(internals.ERROR_ACTOR_PREFIX))).toBe(true);

    const heard: string[] = [];
    const listener = {
      ...anyone,
      transition(state: number, { type }: { type: string }) {
        heard.push(type);
        return state;
      },
    };
    createActor(listener as unknown as typeof anyone)
      .start()
      .stop();
    expect(heard).toEqual([internals.STOP_EVENT_TYPE]);
  });
});
