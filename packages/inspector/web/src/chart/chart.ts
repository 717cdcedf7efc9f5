import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Drawings } from '../../../src/chart/drawing.ts';

/** The chart of one kind: what it says, and how it is drawn downwards and to the right. */
export type Chart = {
  readonly graph: ChartGraph;
  readonly drawings: Drawings;
};
