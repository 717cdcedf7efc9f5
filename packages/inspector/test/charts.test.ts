import { readFileSync } from 'node:fs';
import { monitorMachine, notifierMachine, sessionMachine, supervisorMachine } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { type ChartGraph, chartGraphOf } from '../src/chart/chartGraph.ts';

type Drawing = {
  readonly states: readonly { readonly path: string; readonly captions?: readonly number[] }[];
  readonly edges: readonly { readonly transitions?: readonly number[] }[];
};
type Chart = { readonly graph: ChartGraph; readonly drawings: Record<string, readonly Drawing[]> };

const charts: Record<string, Chart> = JSON.parse(
  readFileSync(new URL('../web/public/charts.json', import.meta.url), 'utf8'),
);

describe.each([
  ['supervisor', supervisorMachine.root],
  ['monitor', monitorMachine.root],
  ['notifier', notifierMachine.root],
  ['session', sessionMachine.root],
] as const)('the chart of the %s', (kind, root) => {
  const chart = charts[kind];

  it('is the chart of the machine that runs (else run `node tools/draw-charts.mjs`)', () => {
    expect(chart?.graph).toEqual(JSON.parse(JSON.stringify(chartGraphOf(root))));
  });

  it('shows every state once, and a label for every transition that leads elsewhere', () => {
    const paths = chart?.graph.states.map(({ path }) => path).filter((path) => path !== '');
    const leading = chart?.graph.transitions.flatMap(({ from, to }, index) =>
      to === undefined || to === from ? [] : [index],
    );
    for (const drawing of [...(chart?.drawings['population'] ?? []), ...(chart?.drawings['actor'] ?? [])]) {
      expect(drawing.states.map(({ path }) => path).sort()).toEqual(paths?.sort());
    }
    for (const { edges, states } of chart?.drawings['actor'] ?? []) {
      const drawn = [
        ...edges.flatMap(({ transitions = [] }) => transitions),
        ...states.flatMap(({ captions = [] }) => captions),
      ];
      expect(drawn.sort((a, b) => a - b)).toEqual(leading);
    }
  });
});

describe('chartGraphOf', () => {
  it('names delays, ends of invocations, guards and actions as the machine does', () => {
    const { transitions } = chartGraphOf(monitorMachine.root);
    expect(transitions).toContainEqual({
      from: 'watching.cadence.waiting',
      to: 'watching.cadence.waiting',
      on: 'after interval',
      guard: 'isStale',
      actions: ['noteStale', 'judgeStale'],
    });
    expect(
      transitions.filter(({ from }) => from === 'watching.cadence.checking.probing').map(({ on }) => on),
    ).toContain('done');
  });
});
