import { describe, expect, it } from 'vitest';
import type { ChartGraph } from '../src/chart/chartGraph.ts';
import { takenTransitions } from '../web/src/store/takenTransitions.ts';

describe('takenTransitions', () => {
  const graph: ChartGraph = {
    states: [],
    transitions: [
      { from: '', to: 'closed', on: 'close', actions: [] },
      { from: 'open', to: 'closed', on: 'end', actions: [] },
      { from: 'open', to: 'draining', on: 'drain', actions: [] },
      { from: 'draining', to: 'closed', on: 'end', actions: [] },
    ],
  };

  it('finds the transitions from a state that was left into one that was entered, the innermost first', () => {
    expect(takenTransitions(graph, ['open'], ['draining'])).toEqual(new Set([2]));
    expect(takenTransitions(graph, ['open'], ['closed'])).toEqual(new Set([1]));
    expect(takenTransitions(graph, ['other'], ['closed'])).toEqual(new Set([0]));
    expect(takenTransitions(graph, ['open'], ['open'])).toEqual(new Set());
  });
});
