import type { ChartGraph } from '../../../src/chart/chartGraph.ts';

/** A transition in words; `seenFrom` leaves out where it comes from when that says nothing there. */
export function transitionWords({ transitions }: ChartGraph, index: number, seenFrom?: string): string {
  const transition = transitions[index];
  if (transition === undefined) return '';
  const { on, guard, from } = transition;
  const words = guard === undefined ? on : `${on} [${guard}]`;
  const isSpecial = seenFrom !== undefined && !seenFrom.startsWith(`${from}.`);
  return isSpecial ? `${words} from ${from.split('.').at(-1)}` : words;
}
