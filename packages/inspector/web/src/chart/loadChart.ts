import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Drawing } from '../../../src/chart/drawing.ts';
import type { ShownKind } from '../../../src/protocol/shownActor.ts';
import { readSaved, savedChart } from '../store/savedFile.ts';
import type { Chart } from './chart.ts';

/** The charts of the project's own machines, laid out when the page was built. */
type Charts = Readonly<Partial<Record<ShownKind, Chart>>>;

let builtIn: Promise<Charts> | undefined;

/** Loads the chart of one of our machines; resolves with undefined when there is none, and states are shown as a list. */
export async function loadChart(kind: ShownKind): Promise<Chart | undefined> {
  const saved = readSaved(savedChart);
  builtIn ??=
    saved === undefined
      ? fetch('./charts.json')
          .then((answer) => (answer.ok ? (answer.json() as Promise<Charts>) : {}))
          .catch(() => ({}))
      : Promise.resolve(JSON.parse(saved) as Charts);
  return (await builtIn)[kind];
}

const laidOut = new Map<string, Promise<Chart | undefined>>();

/** Lays out a chart of a plain XState program, once; the engine is loaded with the first of them. */
export function layOutChart(graph: ChartGraph): Promise<Chart | undefined> {
  const key = JSON.stringify(graph);
  const known = laidOut.get(key);
  if (known !== undefined) return known;
  const chart = import('./elkWorker.ts')
    .then(({ layOut }) => layOut(graph))
    .then((drawings) => (drawings === undefined ? undefined : { graph, drawings }))
    .catch(() => undefined);
  laidOut.set(key, chart);
  return chart;
}

/** Returns the drawing that can be shown larger, and its scale. */
export function fittingDrawing(
  drawings: readonly [Drawing, Drawing],
  width: number,
  height: number,
): { readonly drawing: Drawing; readonly scale: number } {
  const [down, right] = drawings.map((drawing) => ({
    drawing,
    scale: Math.min(width / (drawing.width + 40), height / (drawing.height + 40), 1.2),
  })) as [{ drawing: Drawing; scale: number }, { drawing: Drawing; scale: number }];
  return right.scale > down.scale ? right : down;
}
