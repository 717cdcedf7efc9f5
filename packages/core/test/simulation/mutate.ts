import type { AnyStateMachine } from 'xstate';
import { StateMachine } from 'xstate';

/** A part of a chart's definition, to be changed in place. */
// biome-ignore lint/suspicious/noExplicitAny: a definition is a tree of many shapes, and mutations reach anywhere into it.
export type Part = Record<string, any>;

/** The same machine with another definition: `change` is given a copy of it. */
export function mutate<TMachine extends AnyStateMachine>(machine: TMachine, change: (chart: Part) => void): TMachine {
  const chart = copy(machine.config) as Part;
  change(chart);
  return new StateMachine(chart as never, machine.implementations as never) as AnyStateMachine as TMachine;
}

/** A copy of a tree of plain objects and lists; functions and instances stay the same. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
}
