import type { ChartGraph } from '../../../src/chart/chartGraph.ts';
import type { Drawings } from '../../../src/chart/drawing.ts';

/** Chart of one kind: its graph, and its drawings downwards and to the right. */
export type Chart = {
  readonly graph: ChartGraph;
  readonly drawings: Drawings;
};
