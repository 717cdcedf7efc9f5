import type { ChartTransition } from './chartGraph.ts';

/** A transition in words, as the page writes it: the event, then its guard. */
export function edgeWords({ on, guard }: Pick<ChartTransition, 'on' | 'guard'>): string {
  return guard === undefined ? on : `${on} [${guard}]`;
}
