import { explore } from '@watchkeeper/testing';
import { expect, it } from 'vitest';
import { charts } from './charts.ts';

it.each(charts().map((chart) => ({ ...chart, name: chart.machine.id })))(
  'every state and transition of the chart "$name" is met by an exploration',
  ({ machine, explorations }) => {
    const { coverage, isComplete, violations } = explore(machine, ...explorations);
    expect([coverage.states.missing, coverage.transitions.missing, violations, isComplete]).toEqual([[], [], [], true]);
  },
);
