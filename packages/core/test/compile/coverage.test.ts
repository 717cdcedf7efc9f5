import { describe, expect, it } from 'vitest';
import { createActor, setup } from 'xstate';
import { compile, createSupervisor } from '../../src/index.ts';

const gate = setup({ guards: { isTired: () => false, isOpen: () => true } }).createMachine({
  id: 'gate',
  initial: 'shut',
  states: {
    shut: { on: { push: [{ guard: 'isTired', target: 'stuck' }, { target: 'yielding' }], kick: {} } },
    yielding: { always: { guard: 'isOpen', target: 'open' } },
    open: { on: { pull: 'shut' } },
    stuck: {},
  },
});

describe('the coverage of a chart', () => {
  it('lists what any actor took, states passed in one macrostep too, and nothing else', () => {
    const logic = compile(gate);
    expect(logic.coverage().transitions).toEqual([]);
    createActor(logic).start().send({ type: 'push' });
    const other = createActor(logic).start();
    other.send({ type: 'kick' });
    other.send({ type: 'kick' });
    expect(logic.coverage()).toEqual({
      states: ['gate', 'gate.shut', 'gate.yielding', 'gate.open'],
      transitions: [
        { source: 'gate.shut', targets: ['gate.yielding'], eventType: 'push' },
        { source: 'gate.yielding', targets: ['gate.open'], eventType: '', guard: 'isOpen' },
      ],
    });
  });

  it('is reported by a supervisor for each of its kinds of actor', () => {
    const keeper = createSupervisor();
    keeper.notifier('client', () => {});
    const { states, transitions } = keeper.coverage('notifier');
    expect(states).toContain('notifier.reading.ready');
    expect(transitions).toContainEqual(expect.objectContaining({ eventType: '', targets: ['notifier.reading'] }));
  });
});
