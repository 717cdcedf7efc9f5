import { explore } from '@watchkeeper/testing';
import { describe, expect, it } from 'vitest';
import { charts } from './charts.ts';

function expectFull(name: string): void {
  const chart = charts().find(({ machine }) => machine.id === name);
  if (chart === undefined) throw new Error(`There is no chart ${name}`);
  const { coverage, isComplete, violations } = explore(chart.machine, ...chart.explorations);
  expect([coverage.states.missing, coverage.transitions.missing, violations, isComplete]).toEqual([[], [], [], true]);
}

describe('every transition is taken by some path of the chart of', () => {
  it('a session', () => expectFull('session'));
  it('a notifier', () => expectFull('notifier'));
  it('a monitor', () => expectFull('monitor'));
  it('a service', () => expectFull('service'));
  it('a supervisor', () => expectFull('supervisor'));
  it('pings', () => expectFull('ping'));
});
