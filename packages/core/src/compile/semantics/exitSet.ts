import type { ChartNode, History, Move } from '../model/chartNode.ts';
import { commonAncestor, isDescendant, rootOf } from '../model/tree.ts';

/** The targets of a history state that remembers nothing. */
export function historyDefault(node: ChartNode): { targets: readonly ChartNode[]; isInitial: boolean } {
  if (node.historyDefault !== undefined) return { targets: node.historyDefault, isInitial: false };
  const { parent } = node;
  if (parent === undefined) return { targets: [], isInitial: false };
  if (parent.type === 'parallel') return { targets: [parent], isInitial: false };
  return { targets: parent.initial === undefined ? [] : [parent.initial], isInitial: true };
}

/** The targets of a transition with history states replaced by the states they stand for. */
export function effectiveTargets({ targets }: Pick<Move, 'targets'>, history: History): ChartNode[] {
  const found = new Set<ChartNode>();
  for (const target of targets ?? []) {
    if (target.type !== 'history') found.add(target);
    else {
      const remembered = history.get(target.id) ?? effectiveTargets(historyDefault(target), history);
      for (const node of remembered) found.add(node);
    }
  }
  return [...found];
}

/** The state inside which a transition takes place; unset: the whole chart, root included. */
export function transitionDomain(move: Move, history: History): ChartNode | undefined {
  const targets = effectiveTargets(move, history);
  const { source, reenter } = move;
  if (!reenter && targets.every((target) => target === source || isDescendant(target, source))) return source;
  const above = commonAncestor([...targets, source]);
  return above !== undefined || reenter ? above : rootOf(source);
}

/** SCXML's computeExitSet, in the order of `active`. */
export function exitSet(moves: readonly Move[], active: ReadonlySet<ChartNode>, history: History): ChartNode[] {
  const left = new Set<ChartNode>();
  for (const move of moves) {
    if (move.targets === undefined || move.targets.length === 0) continue;
    const domain = transitionDomain(move, history);
    if (move.reenter && domain !== undefined && move.source === domain) left.add(domain);
    for (const node of active) if (isDescendant(node, domain)) left.add(node);
  }
  return [...left];
}

/** SCXML's removeConflictingTransitions: of two that exit the same state, the inner one is kept. */
export function withoutConflicts<M extends Move>(
  moves: readonly M[],
  active: ReadonlySet<ChartNode>,
  history: History,
): M[] {
  const kept = new Set<M>();
  for (const move of moves) {
    const left = new Set(exitSet([move], active, history));
    const conflicting = [...kept].filter((other) => exitSet([other], active, history).some((node) => left.has(node)));
    const overruled = conflicting.findIndex((other) => !isDescendant(move.source, other.source));
    if (overruled !== -1) continue;
    for (const other of conflicting) kept.delete(other);
    kept.add(move);
  }
  return [...kept];
}

/** The memory of the history states once `exited` are exited; the same object when no history state is concerned. */
export function remember(exited: readonly ChartNode[], active: ReadonlySet<ChartNode>, history: History): History {
  let changed: Map<string, readonly ChartNode[]> | undefined;
  for (const node of exited) {
    for (const child of node.children) {
      if (child.type !== 'history') continue;
      const deep = child.stateNode.history === 'deep';
      changed ??= new Map(history);
      changed.set(
        child.id,
        [...active].filter((candidate) =>
          deep ? candidate.isAtomic && isDescendant(candidate, node) : candidate.parent === node,
        ),
      );
    }
  }
  return changed ?? history;
}
