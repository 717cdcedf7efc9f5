import type { ChartNode, ChartTransition } from '../model/chartNode.ts';

/** The transitions of a node whose descriptor matches an event type: exact ones, then wildcards, the longest first. */
export function matchingTransitions(node: ChartNode, eventType: string): readonly ChartTransition[] {
  const exact = node.transitions.get(eventType) ?? [];
  const wild = [...node.transitions.keys()]
    .filter((descriptor) => descriptor !== eventType && matchesWildcard(eventType, descriptor))
    .sort((left, right) => right.length - left.length)
    .flatMap((descriptor) => node.transitions.get(descriptor) ?? []);
  return [...exact, ...wild];
}

/** Whether `descriptor` is a wildcard, such as `*` or `probe.*`, that matches an event type. */
export function matchesWildcard(eventType: string, descriptor: string): boolean {
  if (descriptor === '*') return true;
  if (!descriptor.endsWith('.*')) return false;
  const prefix = descriptor.slice(0, -2);
  return eventType === prefix || (eventType.startsWith(prefix) && eventType[prefix.length] === '.');
}
