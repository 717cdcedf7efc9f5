import type { ChartNode } from './chartNode.ts';

/** Whether `node` is a descendant of `above`; every node is a descendant of `undefined`. */
export function isDescendant(node: ChartNode, above: ChartNode | undefined): boolean {
  for (let parent = node.parent; ; parent = parent.parent) {
    if (parent === above) return true;
    if (parent === undefined) return false;
  }
}

/** The nodes between `node` and `upTo`, without these two, from the innermost outwards. */
export function ancestors(node: ChartNode, upTo: ChartNode | undefined): ChartNode[] {
  const found: ChartNode[] = [];
  if (node === upTo) return found;
  for (let parent = node.parent; parent !== undefined && parent !== upTo; parent = parent.parent) found.push(parent);
  return found;
}

/** The root of the chart that `node` belongs to. */
export function rootOf(node: ChartNode): ChartNode {
  let root = node;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

/** Child states without the history states, which are never active. */
export function regions(node: ChartNode): ChartNode[] {
  return node.children.filter((child) => child.type !== 'history');
}

/** The innermost node that is an ancestor of all of `nodes`. */
export function commonAncestor(nodes: readonly ChartNode[]): ChartNode | undefined {
  const [first, ...others] = nodes;
  if (first === undefined) return undefined;
  return ancestors(first, undefined).find((above) => others.every((other) => isDescendant(other, above)));
}

/** A node and everything that is entered with it by default. */
export function initialNodes(node: ChartNode, found = new Set<ChartNode>()): Set<ChartNode> {
  if (found.has(node)) return found;
  found.add(node);
  if (node.type === 'compound' && node.initial !== undefined) initialNodes(node.initial, found);
  if (node.type === 'parallel') for (const region of regions(node)) initialNodes(region, found);
  return found;
}

/** Whether a node is in a final state while `active` are the active nodes (SCXML's isInFinalState). */
export function isFinished(node: ChartNode, active: ReadonlySet<ChartNode>): boolean {
  if (node.type === 'compound') return regions(node).some((child) => child.type === 'final' && active.has(child));
  if (node.type === 'parallel') return regions(node).every((region) => isFinished(region, active));
  return node.type === 'final';
}

/** A node with its ancestors, from the inside out, up to but without `limit`. */
export function lineage(node: ChartNode, limit: ChartNode | undefined): readonly ChartNode[] {
  return [node, ...ancestors(node, limit)];
}
