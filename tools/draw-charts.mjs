// Draws the charts of core's machines, for the inspector's page and for the guides. The build runs it: a machine that has
// not changed keeps its drawing. `--all` draws all of them anew, as is needed after a change of the drawing itself.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  monitorMachine,
  notifierMachine,
  serviceMachine,
  sessionMachine,
  supervisorMachine,
} from '../packages/core/dist/index.js';
import { chartGraphOf } from '../packages/inspector/dist/chart/chartGraph.js';
import { drawChart } from '../packages/inspector/dist/chart/layoutChart.js';
import { svgOf } from './charts/svg.mjs';

const machines = {
  supervisor: supervisorMachine,
  monitor: monitorMachine,
  notifier: notifierMachine,
  session: sessionMachine,
  service: serviceMachine,
};

const target = new URL('../packages/inspector/web/public/charts.json', import.meta.url);
const isKept = existsSync(target) && !process.argv.includes('--all');
const charts = isKept ? JSON.parse(readFileSync(target, 'utf8')) : {};
const drawn = [];
let engine;

/** The layout engine is large: it is loaded only where there is something to lay out. */
function layOut(graph) {
  if (engine === undefined) {
    const ELK = createRequire(new URL('../packages/inspector/package.json', import.meta.url))('elkjs');
    engine = new ELK();
  }
  return engine.layout(graph);
}

for (const [kind, machine] of Object.entries(machines)) {
  const graph = chartGraphOf(machine.root);
  if (JSON.stringify(charts[kind]?.graph) === JSON.stringify(graph)) continue;
  charts[kind] = { graph, drawings: await drawChart(graph, layOut) };
  drawn.push(kind);
}

if (drawn.length > 0) {
  writeFileSync(target, `${JSON.stringify(charts)}\n`);
  console.log(`charts: drew ${drawn.join(', ')}`);
}

for (const [kind, chart] of Object.entries(charts)) {
  const picture = new URL(`../docs/guides/charts/${kind}.svg`, import.meta.url);
  const svg = svgOf(kind, chart);
  if (!existsSync(picture) || readFileSync(picture, 'utf8') !== svg) writeFileSync(picture, svg);
}
