import type { ChartNode } from '../build/chart.ts';

/** Whether `node` lies below `above`; every node lies below `undefined`. */
export function isDescendant(node: ChartNode, above: ChartNode | undefined): boolean {
  for (let parent = node.parent; ; parent = parent.parent) {
    if (parent === above) return true;
    if (parent === undefined) return false;
  }
}

/** The nodes between `node` and `upTo`, both left out, from the inside out. */
export function ancestors(node: ChartNode, upTo: ChartNode | undefined): ChartNode[] {
  const found: ChartNode[] = [];
  if (node === upTo) return found;
  for (let parent = node.parent; parent !== undefined && parent !== upTo; parent = parent.parent) found.push(parent);
  return found;
}

/** Child states without the history states, which are never active. */
export function regions(node: ChartNode): ChartNode[] {
  return node.children.filter((child) => child.type !== 'history');
}

/** The innermost node that lies above all of these. */
export function commonAncestor(nodes: readonly ChartNode[]): ChartNode | undefined {
  const [first, ...others] = nodes;
  if (first === undefined) return undefined;
  return ancestors(first, undefined).find((above) => others.every((other) => isDescendant(other, above)));
}

/** A node and everything that is entered with it when nothing more is said. */
export function initialNodes(node: ChartNode, found = new Set<ChartNode>()): Set<ChartNode> {
  if (found.has(node)) return found;
  found.add(node);
  if (node.type === 'compound' && node.initial !== undefined) initialNodes(node.initial, found);
  if (node.type === 'parallel') for (const region of regions(node)) initialNodes(region, found);
  return found;
}

/** Whether a node counts as finished while `active` are the active nodes. */
export function isFinished(node: ChartNode, active: ReadonlySet<ChartNode>): boolean {
  if (node.type === 'compound') return regions(node).some((child) => child.type === 'final' && active.has(child));
  if (node.type === 'parallel') return regions(node).every((region) => isFinished(region, active));
  return node.type === 'final';
}
