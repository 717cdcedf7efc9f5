import type { ChartNode } from './chartNode.ts';
import { regions } from './tree.ts';

/**
 * How many configurations a chart may come to have, history left aside: the product over the regions of a parallel
 * state, and that in each order of the regions, as it decides the order of eventless transitions.
 */
export function configurationsOf(node: ChartNode): number {
  const counts = regions(node).map(configurationsOf);
  if (node.type === 'parallel') return counts.reduce((product, count, at) => product * count * (at + 1), 1);
  return Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
}
