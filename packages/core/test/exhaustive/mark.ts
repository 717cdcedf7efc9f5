import type { AnyStateMachine } from 'xstate';
import { mutate, type Part } from '../simulation/mutate.ts';

/** A machine that says which of its transitions it takes, and the names of all it has. */
export interface Marked<TMachine> {
  readonly machine: TMachine;
  readonly transitions: readonly string[];
}

/** Adds to every transition an action `mark`, whose params name the transition. */
export function mark<TMachine extends AnyStateMachine>(original: TMachine): Marked<TMachine> {
  const transitions: string[] = [];
  const marked = (name: string, given: unknown): unknown => {
    if (Array.isArray(given)) return given.map((one, index) => marked(`${name} ${index + 1}`, one));
    const transition: Part = typeof given === 'string' ? { target: given } : { ...(given as Part) };
    const { target = 'stays', actions = [] } = transition;
    const id = `${name} -> ${target}`;
    transitions.push(id);
    return { ...transition, actions: [{ type: 'mark', params: { id } }, ...[actions].flat()] };
  };
  const walk = (node: Part, path: string): void => {
    for (const group of ['on', 'after']) {
      for (const [event, given] of Object.entries(node[group] ?? {}))
        node[group][event] = marked(`${path} ${event}`, given);
    }
    if (node['always'] !== undefined) node['always'] = marked(`${path} always`, node['always']);
    for (const end of ['onDone', 'onError']) {
      if (node['invoke']?.[end] !== undefined) node['invoke'][end] = marked(`${path} ${end}`, node['invoke'][end]);
    }
    for (const [name, child] of Object.entries(node['states'] ?? {})) walk(child as Part, `${path}.${name}`);
  };
  const machine = mutate(original, (chart) => walk(chart, String(chart['id'])));
  return { machine: machine.provide({ actions: { mark: () => {} } } as never) as TMachine, transitions };
}
