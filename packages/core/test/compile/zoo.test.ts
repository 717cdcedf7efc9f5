import { describe, expect, it } from 'vitest';
import { everySequence, graphPaths, simplePaths } from './paths.ts';
import { type Deed, twins } from './twins.ts';
import { zoo } from './zoo/zoo.ts';

const machines = Object.entries(zoo);

describe('a compiled chart does what the interpreter does', () => {
  it('is shown on at least forty machines', () => {
    expect(machines.length).toBeGreaterThanOrEqual(40);
  });

  it.each(machines)('on every path of the graph: %s', (_name, machine) => {
    for (const path of [...graphPaths(machine), ...simplePaths(machine)]) expectTwins(machine, path);
  });

  it.each(machines)('on every short sequence of events and waits: %s', (_name, machine) => {
    // Thousands of them: nobody inspects, and only what changes is compared. The paths above are watched closely.
    for (const deeds of everySequence(machine, 3)) expectTwins(machine, deeds, false);
  });

  it.each(machines)('when saved, brought back and stopped: %s', (_name, machine) => {
    for (const deeds of everySequence(machine, 1)) {
      expectTwins(machine, [...deeds, 'restore', ...deeds, { passMs: 50 }, 'stop', ...deeds]);
    }
  });
});

function expectTwins(machine: (typeof zoo)[string], deeds: readonly Deed[], closely = true): void {
  const { interpreted, compiled } = twins(machine, deeds, { input: 'some input', closely });
  // Only on a difference, since describing the deeds costs more than running them.
  if (interpreted.join() !== compiled.join()) expect(compiled, JSON.stringify(deeds)).toEqual(interpreted);
}
