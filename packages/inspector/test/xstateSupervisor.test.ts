import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, raise, setup } from 'xstate';
import { actorStatuses } from '../src/protocol/actorStatus.ts';
import { StepRecorder } from '../src/record/stepRecorder.ts';
import { polledActors } from '../src/stream/actorSource.ts';
import { ActorTable } from '../src/stream/actorTable.ts';
import { MachineCharts, mostCharts, mostStatesDrawn } from '../src/xstate/machineCharts.ts';
import { xstateSupervisor } from '../src/xstate/xstateSupervisor.ts';

const lampMachine = setup({ types: { events: {} as { type: 'flip' } } }).createMachine({
  id: 'lamp',
  initial: 'dark',
  states: { dark: { on: { flip: 'lit' } }, lit: { on: { flip: 'burnt' } }, burnt: { type: 'final' } },
});

const houseMachine = setup({
  actors: { lamp: lampMachine, never: fromPromise(() => new Promise<void>(() => {})) },
}).createMachine({
  id: 'house',
  type: 'parallel',
  invoke: [
    { src: 'lamp', id: 'hall' },
    { src: 'never', id: 'wait' },
  ],
  states: { door: { initial: 'open', states: { open: {} } }, roof: { initial: 'whole', states: { whole: {} } } },
});

describe('a plain XState program', () => {
  it('is shown with all its actors, as they change and end', () => {
    const house = createActor(houseMachine, { id: 'house' }).start();
    const table = new ActorTable();
    const source = polledActors(xstateSupervisor(house));
    const look = () => {
      table.begin();
      source.read(table);
      return table.revision;
    };
    const seen = look();
    const { entered } = table.since(0, 0);
    expect(entered.map(([, kind, name, , state]) => [kind, name, table.states.entries[state]?.[1]])).toEqual([
      ['actor:house', 'house', { door: 'open', roof: 'whole' }],
      ['actor:lamp', 'house/hall', 'dark'],
      ['actor', 'house/wait', 'active'],
    ]);
    house.getSnapshot().children['hall']?.send({ type: 'flip' });
    look();
    const { changes } = table.since(seen, 0);
    expect(Array.from(changes.states, (state) => table.states.entries[state]?.[1])).toEqual(['lit']);
    house.stop();
    look();
    const stopped = table.since(seen, 0).changes.statuses[0];
    expect(actorStatuses[stopped ?? -1]).toBe('stopped');
  });

  it('has one chart for each machine, whatever implementations were provided', () => {
    const provided = lampMachine.provide({});
    const namesake = setup({}).createMachine({ id: 'lamp', initial: 'odd', states: { odd: {} } });
    const charts = new MachineCharts();
    expect([lampMachine, provided, namesake, lampMachine].map((logic) => charts.kindOf(logic))).toEqual([
      'actor:lamp',
      'actor:lamp',
      'actor:lamp 2',
      'actor:lamp',
    ]);
    expect(charts.chartOf('actor:lamp')?.transitions).toContainEqual({
      from: 'dark',
      to: 'lit',
      on: 'flip',
      actions: [],
    });
    expect([charts.kindOf(undefined), charts.chartOf('actor')]).toEqual(['actor', undefined]);
  });

  it('shows actors of machines over the limit without a chart', () => {
    const charts = new MachineCharts();
    const machines = Array.from({ length: mostCharts + 1 }, (_, index) => setup({}).createMachine({ id: `m${index}` }));
    expect(machines.map((machine) => charts.kindOf(machine)).at(-1)).toBe('actor');
    const states = Object.fromEntries(Array.from({ length: mostStatesDrawn }, (_, index) => [`s${index}`, {}]));
    const large = new MachineCharts();
    expect(
      large.chartOf(large.kindOf(setup({}).createMachine({ id: 'large', initial: 's0', states }))),
    ).toBeUndefined();
  });

  it('records each step of a followed actor, and nothing once nobody follows it', () => {
    const gate = setup({ guards: { isFree: () => true } }).createMachine({
      id: 'gate',
      initial: 'shut',
      states: {
        shut: { on: { push: { guard: 'isFree', target: 'yielding' } } },
        yielding: { entry: raise({ type: 'creak' }), on: { creak: 'open' } },
        open: { after: { 5000: 'shut' } },
      },
    });
    const actor = createActor(gate).start();
    const stepRecorder = new StepRecorder(xstateSupervisor(actor), () => 7);
    const leave = stepRecorder.follow({ actorId: actor.sessionId, kind: 'actor:gate', id: 'gate' });
    actor.send({ type: 'push' });
    actor.send({ type: 'knock' });
    const { steps = [], countdowns } = stepRecorder.of(actor.sessionId) ?? {};
    expect(steps).toEqual([
      {
        seq: 1,
        at: 7,
        type: 'push',
        taken: [
          { from: 'shut', to: 'yielding', on: 'push', guard: 'isFree' },
          { from: 'yielding', to: 'open', on: 'creak' },
        ],
        asked: [['isFree', true]],
        raised: ['creak'],
        value: 'open',
      },
      { seq: 2, at: 7, type: 'knock', taken: [], asked: [], raised: [], value: 'open' },
    ]);
    expect(countdowns).toEqual([{ state: 'open', delay: '5000', delayMs: 5_000, dueAt: 5_007 }]);
    leave();
    expect(() => actor.send({ type: 'push' })).not.toThrow();
    actor.stop();
  });

  it('does not see failures of the inspector', () => {
    const actor = createActor(lampMachine).start();
    const leave = xstateSupervisor(actor).observe(actor.sessionId, () => {
      throw new Error('a broken inspector');
    });
    expect(() => actor.send({ type: 'flip' })).not.toThrow();
    expect(actor.getSnapshot().value).toBe('lit');
    leave();
  });
});
