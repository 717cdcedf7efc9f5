import type { ChartGraph, ChartTransition } from './chartGraph.ts';

/**
 * Label of a transition: its event, then its guard.
 *
 * @param inState path of the state that the label is written into; its source is added where that is no state around it.
 */
export function transitionLabel(
  { on, guard, from }: Pick<ChartTransition, 'on' | 'guard' | 'from'>,
  inState?: string,
): string {
  const label = guard === undefined ? on : `${on} [${guard}]`;
  const namesSource = inState !== undefined && !inState.startsWith(`${from}.`);
  return namesSource ? `${label} from ${from.split('.').at(-1)}` : label;
}

/** Label of a transition by its place in the graph; empty for a place that is not in it. */
export function transitionLabelAt({ transitions }: ChartGraph, index: number, inState?: string): string {
  const transition = transitions[index];
  return transition === undefined ? '' : transitionLabel(transition, inState);
}
