import { describe, expect, it } from 'vitest';
import { interpretedAndCompiled, type Operation } from '../support/interpretedAndCompiled.ts';
import { everySequence, graphPaths, simplePaths } from '../support/machinePaths.ts';
import { sampleMachines } from '../support/sampleMachines/sampleMachines.ts';

const machines = Object.entries(sampleMachines);

describe('a compiled chart does what the interpreter does', () => {
  it('is compared on at least forty machines', () => {
    expect(machines.length).toBeGreaterThanOrEqual(40);
  });

  it.each(machines)('on every path of the graph: %s', (_name, machine) => {
    for (const path of [...graphPaths(machine), ...simplePaths(machine)]) expectSame(machine, path);
  });

  it.each(machines)('on every short sequence of events and waits: %s', (_name, machine) => {
    // Thousands of them: nobody inspects, and only what changes is compared. The paths above are watched closely.
    for (const operations of everySequence(machine, 3)) expectSame(machine, operations, false);
  });

  it.each(machines)('when saved, restored and stopped: %s', (_name, machine) => {
    for (const operations of everySequence(machine, 1)) {
      expectSame(machine, [...operations, 'restore', ...operations, { passMs: 50 }, 'stop', ...operations]);
    }
  });
});

function expectSame(machine: (typeof sampleMachines)[string], operations: readonly Operation[], closely = true): void {
  const { interpreted, compiled } = interpretedAndCompiled(machine, operations, { input: 'some input', closely });
  // Only on a difference, since describing the operations costs more than running them.
  if (interpreted.join() !== compiled.join()) expect(compiled, JSON.stringify(operations)).toEqual(interpreted);
}
