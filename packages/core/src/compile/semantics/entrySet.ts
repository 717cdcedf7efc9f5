import type { ChartNode, History, Move } from '../model/chartNode.ts';
import { ancestors, isDescendant, regions } from '../model/tree.ts';
import { effectiveTargets, historyDefault, transitionDomain } from './exitSet.ts';

/** The states a microstep enters. */
export interface EntrySet {
  readonly nodes: Set<ChartNode>;
  /** Those of `nodes` whose initial transition is taken too. */
  readonly byDefault: Set<ChartNode>;
}

/** SCXML's computeEntrySet. */
export function entrySet(moves: readonly Move[], history: History): EntrySet {
  const found: EntrySet = { nodes: new Set(), byDefault: new Set() };
  for (const move of moves) {
    const domain = transitionDomain(move, history);
    for (const target of move.targets ?? []) {
      const entersItself = target !== move.source || domain !== move.source || move.reenter;
      if (target.type !== 'history' && entersItself) {
        found.nodes.add(target);
        found.byDefault.add(target);
      }
      addDescendants(target, history, found);
    }
    const within = move.source.parent === undefined && move.reenter ? undefined : domain;
    for (const target of effectiveTargets(move, history)) {
      const above = ancestors(target, domain);
      if (domain?.type === 'parallel') above.push(domain);
      addAncestors(above, history, found, within);
    }
  }
  return found;
}

function addDescendants(node: ChartNode, history: History, found: EntrySet): void {
  if (node.type === 'history') addRemembered(node, history, found);
  if (node.type === 'compound' && node.initial !== undefined) {
    const { initial } = node;
    if (initial.type !== 'history') {
      found.nodes.add(initial);
      found.byDefault.add(initial);
    }
    addDescendants(initial, history, found);
    addAncestors(ancestors(initial, node), history, found, undefined);
  }
  if (node.type === 'parallel') addRegions(node, history, found, true);
}

function addRemembered(node: ChartNode, history: History, found: EntrySet): void {
  const remembered = history.get(node.id);
  if (remembered === undefined) {
    const { targets, isInitial } = historyDefault(node);
    for (const target of targets) {
      found.nodes.add(target);
      if (isInitial && node.parent !== undefined) found.byDefault.add(node.parent);
      addDescendants(target, history, found);
    }
    for (const target of targets) addAncestors(ancestors(target, node.parent), history, found, undefined);
    return;
  }
  for (const target of remembered) {
    found.nodes.add(target);
    addDescendants(target, history, found);
  }
  for (const target of remembered) addAncestors(ancestors(target, node.parent), history, found, undefined);
}

function addRegions(node: ChartNode, history: History, found: EntrySet, byDefault: boolean): void {
  for (const region of regions(node)) {
    if ([...found.nodes].some((entered) => isDescendant(entered, region))) continue;
    found.nodes.add(region);
    if (byDefault) found.byDefault.add(region);
    addDescendants(region, history, found);
  }
}

function addAncestors(
  above: readonly ChartNode[],
  history: History,
  found: EntrySet,
  within: ChartNode | undefined,
): void {
  for (const ancestor of above) {
    if (within === undefined || isDescendant(ancestor, within)) found.nodes.add(ancestor);
    if (ancestor.type === 'parallel') addRegions(ancestor, history, found, false);
  }
}
