import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { type Semantics, scxml } from '../../src/compile/semantics/semantics.ts';
import { everySequence } from './paths.ts';
import { buildMachine, randomDeeds, randomNode } from './randomMachine.ts';
import { type Deed, twins } from './twins.ts';
import { zoo } from './zoo/zoo.ts';

/** Compilers that are wrong in one thing each. */
const mutants: Record<string, Partial<Semantics>> = {
  'leaves the outer state first': { exitOrder: (left, right) => left.order - right.order },
  'enters the inner state first': { entryOrder: (left, right) => right.order - left.order },
  'runs no exit actions': { exitActions: (node) => node.stops },
  'lets invoked children go on': { exitActions: (node) => node.exit },
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
  'asks the outer state first': { innerFirst: false },
  'asks the last transition first': { matching: (node, type) => scxml.matching(node, type).toReversed() },
  'knows no wildcards': { matching: (node, type) => node.transitions.get(type) ?? [] },
  'asks wildcards first': {
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
  'does not leave what it re-enters': {
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
  it.each(each)('%s, on the zoo', (_name, semantics) => {
    const caught = [1, 2].some((length) =>
      Object.values(zoo).some((machine) =>
        everySequence(machine, length).some((deeds) => differs(machine, deeds, semantics)),
      ),
    );
    expect(caught).toBe(true);
  });

  it.each(each)('%s, on random machines', (_name, semantics) => {
    const caught = samples.some(([node, deeds]) => differs(buildMachine(node), deeds, semantics));
    expect(caught).toBe(true);
  });
});

const samples = fc.sample(fc.tuple(randomNode, randomDeeds), { numRuns: 1500, seed: 15 });

function differs(machine: AnyStateMachine, deeds: readonly Deed[], semantics: Semantics): boolean {
  const { interpreted, compiled } = twins(machine, deeds, { input: 'some input', semantics, closely: false });
  return interpreted.join() !== compiled.join();
}
