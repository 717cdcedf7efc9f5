import { describe, expect, it } from 'vitest';
import { assign, createActor, createMachine, setup } from 'xstate';
import { compile, type Observation, unwatchTransitions, watchTransitions } from '../../src/index.ts';
import { StepClock } from '../support/stepClock.ts';

const door = compile(
  setup({
    types: {} as { context: { knocks: number } },
    guards: { isPatient: ({ context: { knocks } }) => knocks < 2 },
    actions: {
      count: assign({ knocks: ({ context: { knocks } }) => knocks + 1 }),
      ring: (_, _params: { loud: boolean }) => {},
    },
  }).createMachine({
    id: 'door',
    context: { knocks: 0 },
    initial: 'closed',
    states: {
      closed: {
        on: {
          knock: [
            { guard: 'isPatient', actions: ['count', { type: 'ring', params: { loud: true } }] },
            { target: 'open' },
          ],
          break: {
            actions: () => {
              throw new Error('off its hinges');
            },
          },
        },
      },
      open: { after: { 50: 'closed' } },
    },
  }),
);

function watched() {
  const clock = new StepClock();
  const actor = createActor(door, { clock });
  actor.subscribe({ error: () => {} });
  const seen: Observation[] = [];
  const slot = watchTransitions(actor, (observation) => seen.push(observation));
  actor.start();
  return { actor, clock, seen, slot };
}

describe('a watched actor', () => {
  it('reports event, guards, transitions, actions and the armed timers', () => {
    const { actor, seen } = watched();
    const knock = { type: 'knock' } as const;
    for (let at = 0; at < 3; at++) actor.send(knock);
    const stay = { source: 'door.closed', targets: [], eventType: 'knock', reenter: false };
    const open = { ...stay, targets: ['door.open'] };
    expect(seen).toHaveLength(3);
    expect(seen[0]).toEqual({
      actor,
      event: knock,
      raised: [],
      transitions: [stay],
      guards: [{ guard: 'isPatient', transition: stay, passed: true }],
      actions: [{ type: 'ring', params: { loud: true } }],
      timers: [],
    });
    expect(seen[2]).toMatchObject({
      transitions: [open],
      guards: [{ guard: 'isPatient', passed: false }],
      actions: [{ type: 'xstate.raise' }],
      timers: [{ id: 'xstate.after.50.door.open', delayMs: 50, eventType: 'xstate.after.50.door.open' }],
    });
  });

  it('reports what a macrostep threw', () => {
    const { actor, seen } = watched();
    actor.send({ type: 'break' });
    expect(seen.at(-1)?.failure?.error).toMatchObject({ message: 'off its hinges' });
  });

  it('sets its dirty bit on every event, also on one that changes nothing', () => {
    const { actor, slot } = watched();
    slot.dirty = false;
    actor.send({ type: 'unheard of' } as never);
    expect(slot.dirty).toBe(true);
  });

  it('removes an observer that throws, counts the failure, and processes further events', () => {
    const actor = createActor(door).start();
    let calls = 0;
    const slot = watchTransitions(actor, () => {
      calls++;
      throw new Error('blind');
    });
    actor.send({ type: 'knock' });
    actor.send({ type: 'knock' });
    expect(calls).toBe(1);
    expect(slot.failures).toBe(1);
    expect(actor.getSnapshot().context.knocks).toBe(2);
  });

  it('sets no dirty bit and calls no observer once it is unwatched', () => {
    const { actor, seen, slot } = watched();
    unwatchTransitions(actor);
    slot.dirty = false;
    actor.send({ type: 'knock' });
    expect(seen).toEqual([]);
    expect(slot.dirty).toBe(false);
  });

  it('has one slot, whose observer the last call sets', () => {
    const { actor, seen, slot } = watched();
    expect(watchTransitions(actor)).toBe(slot);
    actor.send({ type: 'knock' });
    expect(seen).toEqual([]);
    expect(slot.dirty).toBe(true);
  });
});

describe('an unwatched actor', () => {
  it('has no property for observers, and none for timers it has not armed', () => {
    const actor = createActor(compile(createMachine({ on: { a: {} } }))).start();
    const before = Reflect.ownKeys(actor);
    actor.send({ type: 'a' });
    expect(Reflect.ownKeys(actor)).toEqual(before);
    expect(before.filter((key) => typeof key === 'symbol')).toEqual([]);
  });
});
