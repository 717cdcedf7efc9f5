import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  assign,
  createActor,
  createMachine,
  fromPromise,
  initialTransition,
  isMachineSnapshot,
  setup,
  transition,
  waitFor,
} from 'xstate';
import { compileWithSemantics } from '../../src/compile/compile.ts';
import { type Semantics, scxml } from '../../src/compile/semantics/semantics.ts';
import { compile } from '../../src/index.ts';
import { promised } from '../support/sampleMachines/children.ts';
import { StepClock } from '../support/stepClock.ts';

const lamp = createMachine({
  id: 'lamp',
  context: { presses: 0 },
  initial: 'off',
  states: {
    off: {
      tags: 'dark',
      on: { press: { target: 'on', actions: assign({ presses: ({ context }) => context.presses + 1 }) } },
    },
    on: { after: { 100: 'off' }, on: { press: 'off' } },
  },
});

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('compiled logic', () => {
  it('gives access to the definition it was made from', () => {
    const actor = createActor(compile(lamp));
    const { logic } = actor as unknown as { logic: ReturnType<typeof compile<typeof lamp>> };
    expect(logic.machine).toBe(lamp);
    expect(logic.root).toBe(lamp.root);
    expect(logic.config).toBe(lamp.config);
    expect(logic.id).toBe('lamp');
    expect(actor.getSnapshot().machine).toBe(lamp);
  });

  it('gives snapshots that XState takes for those of a machine', () => {
    const actor = createActor(compile(lamp)).start();
    const snapshot = actor.getSnapshot();
    expect(isMachineSnapshot(snapshot)).toBe(true);
    expect(snapshot.matches('off')).toBe(true);
    expect(snapshot.hasTag('dark')).toBe(true);
    expect(snapshot.can({ type: 'press' })).toBe(true);
    expect(snapshot.can({ type: 'pull' })).toBe(false);
  });

  it('returns the same snapshot for an event that no transition takes', () => {
    const actor = createActor(compile(lamp)).start();
    const before = actor.getSnapshot();
    actor.send({ type: 'unheard of' });
    expect(actor.getSnapshot()).toBe(before);
  });

  it('makes one table for all event types the chart does not name, however many are sent', () => {
    let asked = 0;
    const matching: Semantics['matching'] = (node, type) => {
      asked++;
      return scxml.matching(node, type);
    };
    const machine = createMachine({ on: { 'a.*': {}, b: {}, '*': {} } });
    const actor = createActor(compileWithSemantics({ ...scxml, matching }, machine)).start();
    for (let at = 0; at < 1000; at++) {
      actor.send({ type: `hostile ${at}` });
      actor.send({ type: `a.${at}` });
    }
    expect(asked).toBe(2);
  });

  it('arms its timers on the clock of the system, and cancels them when the state is left', () => {
    const clock = new StepClock();
    const actor = createActor(compile(lamp), { clock }).start();
    actor.send({ type: 'press' });
    expect(clock.due()).toEqual([100]);
    actor.send({ type: 'press' });
    expect(clock.due()).toEqual([]);
    actor.send({ type: 'press' });
    actor.stop();
    expect(clock.due()).toEqual([]);
  });

  it('is pure under the pure functions of XState', () => {
    const logic = compile(lamp);
    const [first, initialActions] = initialTransition(logic);
    const [second, actions] = transition(logic, first, { type: 'press' });
    const [expected, expectedActions] = transition(lamp, initialTransition(lamp)[0], { type: 'press' });
    expect(initialActions).toEqual([]);
    expect(first.value).toBe('off');
    expect([second.value, second.context]).toEqual([expected.value, expected.context]);
    expect(actions.map(({ type, params }) => [type, params])).toEqual(
      expectedActions.map(({ type, params }) => [type, params]),
    );
  });

  it('restores a snapshot the machine persisted, and the machine one of its own', () => {
    const machineActor = createActor(lamp).start();
    machineActor.send({ type: 'press' });
    const saved = machineActor.getPersistedSnapshot();
    const compiledActor = createActor(compile(lamp), { snapshot: saved }).start();
    expect(compiledActor.getSnapshot().value).toBe('on');
    compiledActor.send({ type: 'press' });
    const back = createActor(lamp, { snapshot: compiledActor.getPersistedSnapshot() }).start();
    expect([back.getSnapshot().value, back.getSnapshot().context]).toEqual(['off', { presses: 1 }]);
  });

  it('runs as a child of a machine, and machines and promises as its children', async () => {
    const inner = createMachine({
      initial: 'x',
      states: { x: { after: { 10: 'end' } }, end: { type: 'final' } },
      output: 3,
    });
    const double = fromPromise(async ({ input }: { input: number }) => input * 2);
    const outer = setup({
      types: {} as { context: { got: unknown } },
      actors: { inner: compile(inner), double },
    }).createMachine({
      context: { got: null },
      initial: 'first',
      states: {
        first: {
          invoke: { src: 'inner', onDone: { target: 'second', actions: assign({ got: ({ event }) => event.output }) } },
        },
        second: {
          invoke: {
            src: 'double',
            input: ({ context }) => context.got as number,
            onDone: { target: 'end', actions: assign({ got: ({ event }) => event.output }) },
          },
        },
        end: { type: 'final' },
      },
    });
    for (const logic of [outer, compile(outer)]) {
      const clock = new StepClock();
      const actor = createActor(logic, { clock }).start();
      clock.advance(10);
      await waitFor(actor, ({ status }) => status === 'done');
      expect(actor.getSnapshot().context.got).toBe(6);
    }
  });

  it.each(Object.entries(promised))(
    'processes the results of promises as the interpreter does: %s',
    async (_name, machine) => {
      const results = [];
      for (const logic of [machine, compile(machine)]) {
        const actor = createActor(logic).start();
        const seen: unknown[] = [];
        actor.subscribe((snapshot) => seen.push([snapshot.value, snapshot.context]));
        await new Promise((resolve) => setImmediate(resolve));
        for (const type of ['b', 'a']) {
          actor.send({ type });
          await new Promise((resolve) => setImmediate(resolve));
        }
        results.push(seen);
        actor.stop();
      }
      expect(results[0]).toEqual(results[1]);
      expect(results[0]?.length).toBeGreaterThan(3);
    },
  );
});
