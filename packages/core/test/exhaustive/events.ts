import type { AnyEventObject, AnyStateMachine, AnyStateNode } from 'xstate';

/** The events by which invoked actors move a chart; one that ends does so with each of `outputs` and `errors`. */
export function outsideEvents(
  machine: AnyStateMachine,
  outputs: readonly unknown[] = [undefined],
  errors: readonly Error[] = [new Error('broken')],
): AnyEventObject[] {
  return descriptorsOf(machine.root).flatMap((type): AnyEventObject[] => {
    if (type.endsWith('*')) return [];
    if (type.startsWith('xstate.done.actor.')) return outputs.map((output) => ({ type, output }));
    return type.startsWith('xstate.error.actor.') ? errors.map((error) => ({ type, error })) : [];
  });
}

function descriptorsOf({ transitions, states }: AnyStateNode): string[] {
  return [...transitions.keys(), ...Object.values(states).flatMap((state) => descriptorsOf(state as AnyStateNode))];
}
