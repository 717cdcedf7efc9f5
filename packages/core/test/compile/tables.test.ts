import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type AnyStateMachine, assign, createActor, createMachine } from 'xstate';
import { ConfigurationTable } from '../../src/compile/run/configurationTable.ts';
import { TabledConfiguration } from '../../src/compile/run/tabledConfiguration.ts';
import { compile, compileDefaults } from '../../src/index.ts';
import { interpretedAndCompiled, type Operation } from '../support/interpretedAndCompiled.ts';
import { StepClock } from '../support/stepClock.ts';
import { note } from '../support/traceNotes.ts';

const bump = assign({ count: ({ context }: { context: { count: number } }) => context.count + 1 });

/** Regions that go round, each by an event of its own, and all of them by `all`. */
function regions(regionCount: number, stateCount: number): AnyStateMachine {
  const names = Array.from({ length: regionCount }, (_, index) => `r${index}`);
  const region = (name: string) => ({
    initial: 's0',
    states: Object.fromEntries(
      Array.from({ length: stateCount }, (_, index) => {
        const target = `s${(index + 1) % stateCount}`;
        return [
          `s${index}`,
          {
            tags: `${name} ${index}`,
            entry: () => note(`enter ${name}`),
            exit: () => note(`exit ${name}`),
            on: { [name]: { target, actions: bump }, all: { target, actions: bump } },
          },
        ];
      }),
    ),
  });
  return createMachine({
    context: { count: 0 },
    type: 'parallel',
    states: Object.fromEntries(names.map((name) => [name, region(name)])),
    on: { note: { actions: bump } },
  } as never) as unknown as AnyStateMachine;
}

const randomEvents = (regionCount: number, length: number) =>
  fc.sample(fc.integer({ min: 0, max: regionCount - 1 }), { numRuns: length, seed: 18 }).map((at) => `r${at}`);

describe('the tables of a chart', () => {
  it('hold as much as its regions have states together, not one configuration for each combination', () => {
    const made = vi.spyOn(ConfigurationTable.prototype, 'grow');
    const actor = createActor(compile(regions(12, 5)), { clock: new StepClock() }).start();
    for (const type of randomEvents(12, 5_000)) actor.send({ type });
    const entries = made.mock.calls.reduce((sum, [count]) => sum + count, 0);
    made.mockRestore();
    expect(actor.getSnapshot().context.count).toBe(5_000);
    // 60 states of regions with a path each, their choices and microsteps, and the few of the whole chart.
    expect(entries).toBeLessThan(600);
  });

  it.each([
    ['of many regions', regions(6, 3), {}],
    ['that are let go again and again', regions(3, 3), { maxTableEntries: 30 }],
    ['of regions, let go too', regions(6, 3), { maxTableEntries: 30 }],
  ])('%s change nothing of what the chart does', (_name, machine, options) => {
    const names = machine.root.states ? Object.keys(machine.root.states) : [];
    const event = fc.constantFrom(...names, 'all', 'note', 'none').map((type): Operation => ({ send: { type } }));
    const operation = fc.oneof(
      { weight: 9, arbitrary: event },
      { weight: 1, arbitrary: fc.constant<Operation>('restore') },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const { interpreted, compiled } = interpretedAndCompiled(machine, operations, { options });
        expect(compiled).toEqual(interpreted);
      }),
      { numRuns: 20, seed: 18 },
    );
  });

  it('are bounded: what they hold is let go before it is more than asked for', () => {
    const made = vi.spyOn(TabledConfiguration.prototype, 'forget');
    const options = { composeAbove: 10_000, maxTableEntries: 200 };
    const actor = createActor(compile(regions(4, 3), options), { clock: new StepClock() }).start();
    for (const type of randomEvents(4, 500)) actor.send({ type });
    // 81 configurations of nine states each, in 24 orders, are more than 200 at a time.
    expect(made.mock.calls.length).toBeGreaterThan(100);
    made.mockRestore();
    expect(actor.getSnapshot().context.count).toBe(500);
  });

  it('are small enough for charts with few configurations to have them whole', () => {
    expect(compileDefaults.composeAbove).toBeGreaterThan(2 * 2 * 2 * 6);
  });
});
