import type { StateValue } from 'xstate';
import type { ChartNode } from '../model/chartNode.ts';
import { ancestors, initialNodes, regions } from '../model/tree.ts';

/** Active nodes as the tree that `value` shows. */
export class ActiveTree {
  /** Whether it is a tree as SCXML has it: one child of each compound state, and all regions of a parallel one. */
  readonly isWhole: boolean;
  readonly #children = new Map<ChartNode, ChartNode[]>();

  constructor(nodes: readonly ChartNode[]) {
    const all = completed(nodes);
    for (const node of all) {
      if (node.parent === undefined) continue;
      const siblings = this.#children.get(node.parent);
      if (siblings === undefined) this.#children.set(node.parent, [node]);
      else siblings.push(node);
    }
    const areIn = (node: ChartNode, expected: number) => this.#children.get(node)?.length === expected;
    this.isWhole =
      all.size === nodes.length &&
      nodes.every((node) => node.isAtomic || areIn(node, node.type === 'parallel' ? regions(node).length : 1));
  }

  /** The active children of a node as `value` shows them: in the order of its keys, and one alone of a leaf. */
  childrenOf(node: ChartNode): readonly ChartNode[] {
    const active = this.#children.get(node) ?? [];
    if (active.length < 2) return active;
    if (isLeafOnly(node, active)) return active.slice(0, 1);
    const keys = Object.keys(Object.fromEntries(active.map(({ key }) => [key, true])));
    return keys.flatMap((key) => active.filter((child) => child.key === key));
  }

  /** The value of a node: frozen, since all actors in it share it. */
  valueOf(node: ChartNode): StateValue {
    const active = this.#children.get(node) ?? [];
    const [first] = active;
    if (first !== undefined && isLeafOnly(node, active)) return first.key;
    return Object.freeze(Object.fromEntries(active.map((child) => [child.key, this.valueOf(child)])));
  }
}

/** Whether the state's value is written as a string, not as an object with a key for each child. */
function isLeafOnly({ type }: ChartNode, [first]: readonly ChartNode[]): boolean {
  return type === 'compound' && first !== undefined && first.isAtomic;
}

/**
 * The nodes with those that a whole configuration lacks: initial states, regions, ancestors.
 *
 * Two cases need it. Before the start the root stands alone; and a transition that re-enters a parallel state while
 * another enters it through history can leave gaps, which XState closes in `value` though not among its nodes.
 */
function completed(nodes: readonly ChartNode[]): Set<ChartNode> {
  const all = new Set(nodes);
  const isOpen = (node: ChartNode) => !nodes.some((child) => child.parent === node);
  for (const node of all) {
    if (node.type === 'compound' && isOpen(node)) for (const added of initialNodes(node)) all.add(added);
    if (node.type !== 'parallel') continue;
    for (const region of regions(node)) if (!all.has(region)) for (const added of initialNodes(region)) all.add(added);
  }
  for (const node of all) for (const ancestor of ancestors(node, undefined)) all.add(ancestor);
  return all;
}
