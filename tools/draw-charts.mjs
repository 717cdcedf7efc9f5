// Draws the charts of core's machines for the inspector's page: run it after a machine has changed.
import { writeFileSync } from 'node:fs';
import { monitorMachine, notifierMachine, sessionMachine, supervisorMachine } from '../packages/core/dist/index.js';
import { chartGraphOf } from '../packages/inspector/dist/chartGraph.js';
import { drawChart } from './charts/drawChart.mjs';

const machines = {
  supervisor: supervisorMachine,
  monitor: monitorMachine,
  notifier: notifierMachine,
  session: sessionMachine,
};

const charts = {};
for (const [kind, machine] of Object.entries(machines)) {
  const graph = chartGraphOf(machine.root);
  charts[kind] = { graph, drawings: {} };
  for (const [name, labelled] of [
    ['population', false],
    ['actor', true],
  ]) {
    charts[kind].drawings[name] = [await drawChart(graph, labelled, 'DOWN'), await drawChart(graph, labelled, 'RIGHT')];
  }
}

const target = new URL('../packages/inspector/web/public/charts.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(charts)}\n`);
console.log(`drew ${Object.keys(charts).join(', ')}`);
