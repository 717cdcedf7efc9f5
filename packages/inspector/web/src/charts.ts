import type { ChartGraph } from '../../src/chartGraph.ts';
import type { ShownKind } from '../../src/wire.ts';
import { readSaved, savedChart } from './savedPage.ts';

/** Left, top, width and height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** One chart, laid out. Places are in the drawing's own units, of about a pixel. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  /** Outer states before inner ones. `captions` are transitions that are written into the state they lead to. */
  readonly states: readonly { readonly path: string; readonly box: Box; readonly captions?: readonly number[] }[];
  readonly marks: readonly { readonly type: 'initial' | 'any'; readonly box: Box }[];
  readonly edges: readonly {
    readonly points: readonly (readonly [x: number, y: number])[];
    readonly transitions?: readonly number[];
    readonly label?: Box;
  }[];
};

/** The chart of one kind: what it says, and how it is drawn downwards and to the right. */
export type Chart = {
  readonly graph: ChartGraph;
  readonly drawings: Readonly<Record<'population' | 'actor', readonly [down: Drawing, right: Drawing]>>;
};

/** The charts of the project's own machines, laid out when the page was built. */
export type Charts = Readonly<Partial<Record<ShownKind, Chart>>>;

let loading: Promise<Charts | undefined> | undefined;

/** The charts; nothing when they cannot be had, and then states are shown as a list. */
export function loadCharts(): Promise<Charts | undefined> {
  const saved = readSaved(savedChart);
  loading ??=
    saved === undefined
      ? fetch('./charts.json')
          .then((answer) => (answer.ok ? (answer.json() as Promise<Charts>) : undefined))
          .catch(() => undefined)
      : Promise.resolve(JSON.parse(saved) as Charts);
  return loading;
}

/** The drawing that can be shown larger, and how large. */
export function fitting(
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
