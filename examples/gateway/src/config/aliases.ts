import { type Document, isAlias, isCollection, isNode, isPair, type Node } from 'yaml';

/** Nodes that all aliases of a configuration may stand for together. Aliases of aliases can make of some lines gigabytes. */
export const maxAliasedNodes = 2_000;

/** Something wrong with an alias, and where in the text it stands. */
export interface AliasFault {
  readonly offset: number;
  readonly rule: string;
}

/**
 * Finds aliases that stand for nothing, for what they are part of, or, taken together, for too much. Looks at each node
 * once and resolves none.
 */
export function aliasFaults(document: Document): readonly AliasFault[] {
  const faults: AliasFault[] = [];
  /** Nodes that an anchor stands for, aliases resolved; `open` within the anchored node itself. */
  const sizes = new Map<string, number | 'open'>();
  let aliased = 0;
  const sizeOfAlias = (source: string, offset: number): number => {
    const size = sizes.get(source);
    if (size === undefined) faults.push({ offset, rule: `The anchor of *${source} must stand before it` });
    if (size === 'open') faults.push({ offset, rule: `The alias *${source} must not stand within its own anchor` });
    if (typeof size !== 'number') return 1;
    const before = aliased;
    aliased += size;
    if (before <= maxAliasedNodes && aliased > maxAliasedNodes) {
      faults.push({ offset, rule: `Aliases must not stand for more than ${maxAliasedNodes} values together` });
    }
    return size;
  };
  const sizeOf = (node: Node): number => {
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) return sizeOfAlias(node.source, offset);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) sizes.set(anchor, 'open');
    const size = childrenOf(node).reduce((total, child) => total + sizeOf(child), 1);
    if (anchor !== undefined) sizes.set(anchor, size);
    return size;
  };
  if (document.contents !== null) sizeOf(document.contents);
  return faults;
}

function childrenOf(node: Node): readonly Node[] {
  if (!isCollection(node)) return [];
  return node.items.flatMap((item) => (isPair(item) ? [item.key, item.value] : [item])).filter(isNode);
}
