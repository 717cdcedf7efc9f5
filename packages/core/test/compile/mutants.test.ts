import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { type Semantics, scxml } from '../../src/compile/semantics/semantics.ts';
import { interpretedAndCompiled, type Operation } from '../support/interpretedAndCompiled.ts';
import { everySequence } from '../support/machinePaths.ts';
import { buildMachine, randomNode, randomOperations } from '../support/randomMachine.ts';
import { sampleMachines } from '../support/sampleMachines/sampleMachines.ts';

/** Semantics that are wrong in one rule each. */
const mutants: Record<string, Partial<Semantics>> = {
  'exits the outer state first': { exitOrder: (left, right) => left.order - right.order },
  'enters the inner state first': { entryOrder: (left, right) => right.order - left.order },
  'runs no exit actions': { exitActions: (node) => node.stops },
  'does not stop invoked children': { exitActions: (node) => node.exit },
  'leaves timers armed': {
    exitActions: (node) => {
      const timers = Object.keys(node.stateNode.config.after ?? {}).length;
      return [...node.exit.slice(0, node.exit.length - timers), ...node.stops];
    },
  },
  'raises no done event': {
    completion(node, active, completed) {
      const { actions, completesMachine } = scxml.completion(node, active, completed);
      return { actions: completesMachine ? actions : [], completesMachine };
    },
  },
  'never completes the machine': {
    completion(node, active, completed) {
      const { actions, completesMachine } = scxml.completion(node, active, completed);
      return { actions: completesMachine ? actions.slice(0, -1) : actions, completesMachine: false };
    },
  },
  'completes a parallel state with its first region': {
    completion: (node, active, completed) =>
      scxml.completion(
        node,
        new Set([...active, ...(node.parent?.parent?.children ?? []).flatMap((child) => child.children)]),
        completed,
      ),
  },
  'knows no eventless transitions': { eventless: () => [] },
  'tries the outer state first': { innerFirst: false },
  'tries the last transition first': { matching: (node, type) => scxml.matching(node, type).toReversed() },
  'knows no wildcards': { matching: (node, type) => node.transitions.get(type) ?? [] },
  'tries wildcards first': {
    matching(node, type) {
      const exact = node.transitions.get(type) ?? [];
      const others = scxml.matching(node, type).filter((transition) => !exact.includes(transition));
      return [...others, ...exact];
    },
  },
  'takes conflicting transitions together': { withoutConflicts: (moves) => [...moves] },
  'keeps the outer of two conflicting transitions': {
    withoutConflicts: (moves, active, history) => scxml.withoutConflicts(moves.toReversed(), active, history),
  },
  'forgets history': { remember: (_left, _active, history) => history },
  'remembers deep history as shallow': {
    remember(left, active, history) {
      const changed = new Map(scxml.remember(left, active, history));
      for (const node of left) {
        for (const { id, type } of node.children) {
          if (type === 'history')
            changed.set(
              id,
              [...active].filter(({ parent }) => parent === node),
            );
        }
      }
      return changed.size === 0 ? history : changed;
    },
  },
  'does not exit what it re-enters': {
    exitSet: (moves, active, history) =>
      scxml.exitSet(
        moves.map((move) => ({ ...move, reenter: false })),
        active,
        history,
      ),
  },
  'skips the actions of initial transitions': {
    entrySet: (moves, history) => ({ ...scxml.entrySet(moves, history), byDefault: new Set() }),
  },
};

const each = Object.entries(mutants).map(([name, broken]): [string, Semantics] => [name, { ...scxml, ...broken }]);

describe('the comparison with the interpreter notices a compiler that', () => {
  it.each(each)('%s, on the sample machines', (_name, semantics) => {
    const caught = [1, 2].some((length) =>
      Object.values(sampleMachines).some((machine) =>
        everySequence(machine, length).some((operations) => differs(machine, operations, semantics)),
      ),
    );
    expect(caught).toBe(true);
  });

  it.each(each)('%s, on random machines', (_name, semantics) => {
    const caught = samples.some(([node, operations]) => differs(buildMachine(node), operations, semantics));
    expect(caught).toBe(true);
  });
});

const samples = fc.sample(fc.tuple(randomNode, randomOperations), { numRuns: 1500, seed: 15 });

function differs(machine: AnyStateMachine, operations: readonly Operation[], semantics: Semantics): boolean {
  const { interpreted, compiled } = interpretedAndCompiled(machine, operations, {
    input: 'some input',
    semantics,
    closely: false,
  });
  return interpreted.join() !== compiled.join();
}
